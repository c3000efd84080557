import type { ParkedGroup } from '#projections';
import { table } from '../cli/table.js';
import { oneLine } from '../replay/tool-line.js';

/** One line a fault, the largest first, and an example below it. */
export function parkedLines(groups: readonly ParkedGroup[]): string[] {
  if (groups.length === 0) return ['nothing is parked'];
  const [head = '', ...lines] = table(
    ['streams', 'fingerprint', 'projection', 'event', 'since'],
    groups.map(({ count, fingerprint, projection, eventType, oldestAt }) => [
      count,
      fingerprint,
      projection,
      eventType,
      oldestAt,
    ]),
  );
  return [
    head,
    ...lines.flatMap((line, index) => {
      const { streamId, generation, seq, error } = groups[index]!.example;
      return [line, `    ${streamId} at seq ${seq}, generation ${generation}: ${oneLine(error, 200)}`];
    }),
  ];
}
