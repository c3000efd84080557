import type { Database } from '#platform';

/** A stream that holds events that some projection has not read. `seq`: its last one that is no delta. */
export type PendingStream = { streamId: string; tenantId: string; seq: number; since: string; ageMs: number };

const OLDEST = `select stream_id, tenant_id, seq, since,
    (extract(epoch from clock_timestamp() - since) * 1000)::bigint as age_ms
  from pending order by since, stream_id limit $1`;

type PendingRow = { stream_id: string; tenant_id: string; seq: number; since: string; age_ms: number };

/** The streams that have been behind for longest, at most `limit`. */
export async function oldestPending(database: Database, limit: number): Promise<PendingStream[]> {
  const { rows } = await database.run({ name: 'event_log_pending', text: OLDEST, values: [limit] });
  return (rows as PendingRow[]).map((row) => ({
    streamId: row.stream_id,
    tenantId: row.tenant_id,
    seq: row.seq,
    since: row.since,
    ageMs: row.age_ms,
  }));
}
