import type { StreamKind } from '#event-log';
import type { Queryable } from '#platform';

/** Fewer streams than this are not worth a bucket of their own. */
const SMALLEST = 50;
const MOST = 16;

export type BucketRange = { after: string | null; upTo: string | null };

/**
 * Cuts the streams of a kind, by id, into about equal ranges: at most 16. The last one is open, so streams that begin meanwhile
 * fall into it; those that come after it is done are found when the generation is reconciled.
 */
export async function bucketRanges(
  q: Queryable,
  kind: StreamKind,
): Promise<{ total: number; ranges: BucketRange[] }> {
  const [counted] = await q.query<{ total: number }>(
    'select count(*) as total from streams where kind = $1',
    [kind],
  );
  const total = counted?.total ?? 0;
  const buckets = Math.max(1, Math.min(MOST, Math.floor(total / SMALLEST)));
  const ends = await q.query<{ id: string }>(
    `select stream_id as id from (
       select stream_id, row_number() over (order by stream_id) as n from streams where kind = $1
     ) s where n % $2 = 0 order by n limit $3`,
    [kind, Math.max(1, Math.ceil(total / buckets)), buckets - 1],
  );
  const bounds = [null, ...ends.map(({ id }) => id), null];
  const ranges = bounds.slice(1).map((upTo, i) => ({ after: bounds[i] ?? null, upTo }));
  return { total, ranges };
}
