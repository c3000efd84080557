import type { OwnConnection } from '#platform';
import { EVENT_DIGEST } from './chain-digests.js';

/** Events from `from` to `to` of one stream. */
export type EventRange = { streamId: string; from: number; to: number };
/** An event by its place in its stream and the digest of all else. */
export type DigestedEvent = { seq: number; digest: Buffer };

const EVENTS = `select r.n::integer as n, e.seq, e.digest
  from unnest($1::uuid[], $2::bigint[], $3::bigint[]) with ordinality as r (stream_id, from_seq, to_seq, n)
  cross join lateral (
    select e.seq, ${EVENT_DIGEST} as digest from events e
    where e.stream_id = r.stream_id and e.seq between r.from_seq and r.to_seq
  ) e
  order by r.n, e.seq`;

/** The events that stand in each of the ranges, in one statement; one that is not there is left out. */
export async function digestEvents(
  connection: OwnConnection,
  ranges: readonly EventRange[],
): Promise<DigestedEvent[][]> {
  const found: DigestedEvent[][] = ranges.map(() => []);
  const { rows } = await connection.query(EVENTS, [
    ranges.map(({ streamId }) => streamId),
    ranges.map(({ from }) => from),
    ranges.map(({ to }) => to),
  ]);
  for (const { n, seq, digest } of rows as (DigestedEvent & { n: number })[])
    found[n - 1]!.push({ seq, digest });
  return found;
}
