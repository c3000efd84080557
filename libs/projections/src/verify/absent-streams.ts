import type { Queryable } from '#platform';
import type { ReadableGeneration } from '../checkpoints/generation-catalog.js';
import type { Finding } from './finding.js';

/** A range of ids: (after, upTo], or to the end. */
export type IdRange = { after: string; upTo: string | null };

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
/** Told of at most so many in a range: where more are, the rest is of the same kind. */
const MOST = 100;

/** Rows and checkpoints of streams that there are not, or that are of another kind, in a range of ids. */
export async function absentStreams(
  q: Queryable,
  { projection, generation }: ReadableGeneration,
  { after, upTo }: IdRange,
): Promise<Finding[]> {
  const values = [generation, after, upTo ?? LAST, projection.kind, MOST];
  const place = { projection: projection.name, generation, kind: 'stream_absent', differences: [] } as const;
  const findings: Finding[] = [];
  for (const { name, streamColumn } of projection.tables) {
    const rows = await q.query<{ id: string }>(steppingThrough(name, streamColumn), values);
    findings.push(
      ...rows.map(({ id }) => ({ ...place, streamId: id, seq: 0, detail: `it has rows in ${name}` })),
    );
  }
  const checkpoints = await q.query<{ stream_id: string; seq: number }>(
    `select c.stream_id, c.seq from projection_checkpoints c
     where c.projection = $6 and c.generation = $1 and c.stream_id > $2 and c.stream_id <= $3
       and not exists (select from streams s where s.stream_id = c.stream_id and s.kind = $4)
     order by c.stream_id limit $5`,
    [...values, projection.name],
  );
  const detail = 'it has a checkpoint';
  return [
    ...findings,
    ...checkpoints.map(({ stream_id: streamId, seq }) => ({ ...place, streamId, seq, detail })),
  ];
}

/** One look-up a stream that has rows, however many those are (a loose index scan by the primary key). */
function steppingThrough(table: string, streamColumn: string): string {
  const next = (beyond: string) => `select r.${streamColumn} from ${table} r
    where r.generation = $1 and r.${streamColumn} > ${beyond} and r.${streamColumn} <= $3
    order by r.${streamColumn} limit 1`;
  return `with recursive ids as (
      (${next('$2')})
      union all
      select (${next(`i.${streamColumn}`)}) from ids i where i.${streamColumn} is not null
    )
    select i.${streamColumn} as id from ids i
    where i.${streamColumn} is not null
      and not exists (select from streams s where s.stream_id = i.${streamColumn} and s.kind = $4)
    limit $5`;
}
