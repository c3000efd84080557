import type { Queryable } from '#platform';

/** A table with its partitions and indexes. `rows` as the database estimates them. */
export type TableSize = { name: string; rows: number; bytes: number };

const SIZES = `select case when n.nspname = 'bullmq' then 'bullmq' else r.relname end as name,
    greatest(0, sum(greatest(c.reltuples, 0)))::bigint as rows, sum(pg_total_relation_size(c.oid))::bigint as bytes
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace and n.nspname in (current_schema(), 'bullmq')
  join pg_class r on r.oid = coalesce(pg_partition_root(c.oid), c.oid)
  where c.relkind = 'r' group by 1 order by bytes desc, name`;

/** The largest first. The queue's tables, where jobs are in PostgreSQL, are one line. */
export function tableSizes(q: Queryable): Promise<TableSize[]> {
  return q.query<TableSize>(SIZES);
}
