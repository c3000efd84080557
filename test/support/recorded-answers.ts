import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RawEvent } from '../samples/answers.js';

const folder = resolve(import.meta.dirname, '../../../shared/fixtures/anthropic');

/** One recorded answer; `final` is what the official SDK made of it, null where the SDK refuses it. */
export type RecordedAnswer = { name: string; events: RawEvent[]; final: unknown };

/** Recorded answers of the real API, which are not part of this repository: empty where they are absent. */
export function recordedNames(): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sse'))
    .map((file) => file.slice(0, -'.sse'.length));
}

/** Says that a suite was skipped, because the recorded answers are absent. */
export function sayThatRecordingsAreAbsent(suite: string): void {
  process.stderr.write(
    `skipped: ${suite} needs the recorded answers in ../shared/fixtures/anthropic, which are absent\n`,
  );
}

function readIfThere(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

export function recordedAnswer(name: string): RecordedAnswer {
  const lines = readFileSync(join(folder, `${name}.sse`), 'utf8').split(/\r?\n/);
  const events = lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice(5)) as RawEvent);
  const final = readIfThere(join(folder, 'final', `${name}.json`));
  return { name, events, final: final === null ? null : JSON.parse(final) };
}
