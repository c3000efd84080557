import type { Finding, VerifyReport } from '#projections';
import { duration } from '../cli/progress.js';

/** A finding for people: where, what kind, and the first values that differ. */
export function findingLines({
  streamId,
  projection,
  generation,
  kind,
  seq,
  detail,
  differences,
}: Finding): string[] {
  const where = projection === null ? 'the log' : `${projection}, generation ${generation ?? '–'}`;
  return [
    `${kind}  ${streamId} at seq ${seq}, ${where}${detail === null ? '' : `: ${detail}`}`,
    ...differences.map(
      ({ table, key, column, stored, expected }) =>
        `    ${table} ${key}${column === null ? '' : ` ${column}`}: ${stored ?? 'no row'}, and not ${expected ?? 'no row'}`,
    ),
  ];
}

/** What was looked at, and the verdict. */
export function reportLine({
  streams,
  compared,
  events,
  found,
  clean,
  notReadable,
  aborted,
  durationMs,
}: VerifyReport): string {
  const kinds = Object.entries(found)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind}`);
  const verdict = kinds.length > 0 ? kinds.join(', ') : 'no difference';
  const looked = `${streams} streams, ${compared} projections of them, ${events} events in ${duration(durationMs / 1_000)}`;
  const unread =
    notReadable.length > 0 ? `; not compared, as nothing of them is built: ${notReadable.join(', ')}` : '';
  const state = aborted ? 'stopped before the end' : clean ? 'verified' : 'NOT as the log says';
  return `${state}: ${verdict} (${looked})${unread}`;
}
