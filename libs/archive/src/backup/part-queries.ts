import type { OwnConnection } from '#platform';
import { columnsOf, type ArchivedTable } from '../tables.js';

/** The query of a part, and where the next one goes on where that is known before it is read. */
export type PartQuery = { query: string; to?: [string, number]; rows?: number };

type Key = readonly (string | number)[];

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Where the events after a place reach `$3` in number: counted from the heads, without a look at events. */
const CUT = `with rest as (
    select stream_id, head, case when stream_id = $1::uuid then greatest(first_seq, $2::bigint + 1) else first_seq end as low
    from backup_heads where stream_id >= $1 order by stream_id limit $3 + 2
  ), sums as (
    select stream_id, head, sum(head - low + 1) over (order by stream_id) as total from rest
  )
  (select stream_id, (head - (total - $3))::bigint as seq, $3::bigint as rows from sums where total >= $3 order by stream_id limit 1)
  union all
  (select stream_id, head, total::bigint from sums where total < $3 order by stream_id desc limit 1)
  limit 1`;

/** A part of `events`: what comes after a place, up to the recorded heads; null: nothing does. */
export async function eventsPart(
  connection: OwnConnection,
  table: ArchivedTable,
  after: Key | null,
  rows: number,
): Promise<PartQuery | null> {
  const [id, seq] = (after ?? [FIRST_ID, 0]) as [string, number];
  const [cut] = (await connection.query(CUT, [id, seq, rows])).rows as {
    stream_id: string;
    seq: number;
    rows: number;
  }[];
  if (!cut || cut.rows === 0) return null;
  const [from, to] = [connection.escapeLiteral(id), connection.escapeLiteral(cut.stream_id)];
  const query = `select ${columnsOf(table, 'e')}
    from (select * from backup_heads where stream_id >= ${from} and stream_id <= ${to} order by stream_id) h
    cross join lateral (
      select * from events where events.stream_id = h.stream_id
        and seq > case when h.stream_id = ${from} then ${seq} else 0 end
        and seq <= case when h.stream_id = ${to} then ${cut.seq} else h.head end
      order by seq
    ) e`;
  return { query, to: [cut.stream_id, cut.seq], rows: cut.rows };
}

/** A part of a table with a key: its rows after a key, in its order. */
export function keyedPart(
  connection: OwnConnection,
  table: ArchivedTable,
  after: Key | null,
  rows: number,
): PartQuery {
  const key = table.key!.map((column) => `t.${column}`).join(', ');
  const values = after?.map((value) => connection.escapeLiteral(String(value))).join(', ');
  const query = `select ${columnsOf(table, 't')} from ${table.name} t ${table.join ?? ''}
    ${values === undefined ? '' : `where (${key}) > (${values})`} order by ${key} limit ${rows}`;
  return { query };
}
