import { answerWith, type AnswerPart, type Script } from '#assistant';
import type { RecordedEvent } from '#event-log';
import { foldProject, type ProjectState } from '#model';
import type { TurnBench } from './turn-bench.js';

/** One call of a file tool, as a part of an answer. */
export const read = (file_path: string, more: object = {}): AnswerPart => ({
  tool: 'Read',
  input: { file_path, ...more },
});
export const write = (file_path: string, content: string): AnswerPart => ({
  tool: 'Write',
  input: { file_path, content },
});
export const edit = (file_path: string, old_string: string, new_string: string): AnswerPart => ({
  tool: 'Edit',
  input: { file_path, old_string, new_string },
});
export const remove = (file_path: string): AnswerPart => ({ tool: 'Delete', input: { file_path } });

/** Each request gets the next answer; a turn's last one has no calls. */
export function answers(...steps: AnswerPart[][]): Script {
  let at = 0;
  return () => answerWith(steps[at++] ?? [{ text: 'Done.' }]);
}

/** All events of any stream, conversation or project. */
export async function streamOf(bench: TurnBench, streamId: string): Promise<RecordedEvent[]> {
  const all: RecordedEvent[] = [];
  for (;;) {
    const page = await bench.log.read(streamId, { after: all.length });
    all.push(...page);
    if (page.length < 1000) return all;
  }
}

/** A project's tree at a seq as text, by path: the fold of its events, and the blobs that they name. */
export async function treeAt(
  bench: TurnBench,
  projectId: string,
  seq?: number,
): Promise<Record<string, string>> {
  const events = await streamOf(bench, projectId);
  return contentsOf(bench, foldProject(projectId, events.slice(0, seq)));
}

async function contentsOf(bench: TurnBench, { files }: ProjectState): Promise<Record<string, string>> {
  const hashes = Object.values(files).map(({ sha256 }) => sha256);
  const blobs = await bench.blobs.getMany('tenant', hashes);
  return Object.fromEntries(Object.entries(files).map(([path, { sha256 }]) => [path, blobs.get(sha256)!]));
}

/** The data of the events of one type. */
export const dataOf = (events: readonly RecordedEvent[], type: string): Record<string, unknown>[] =>
  events.filter((event) => event.type === type).map(({ data }) => data as Record<string, unknown>);

/** What each tool call of the events came to: its result, or its error's code and words. */
export const resultsOf = (events: readonly RecordedEvent[]): string[] =>
  events.flatMap(({ type, data }) => {
    const { result, code, error } = data as { result?: string; code?: string; error?: string };
    if (type === 'ToolCallSucceeded') return [String(result)];
    return type === 'ToolCallFailed' ? [`${code}: ${error}`] : [];
  });
