import type { Queryable } from '#platform';
import { foldVersionOf } from '../fold-version.js';
import type { AnyProjection } from '../projection.js';
import type { CheckpointKey } from './checkpoint.js';
import { fingerprintOf } from './fingerprint.js';

/** What a stream is parked for. */
export type Poison = { tenantId: string; seq: number; eventType: string; error: string; attempts: number };

/** Stops one projection of one stream, visibly, before the event that it cannot go on with. */
export async function park(
  q: Queryable,
  { generation, streamId }: CheckpointKey,
  projection: Pick<AnyProjection, 'name' | 'version'>,
  { tenantId, seq, eventType, error, attempts }: Poison,
): Promise<void> {
  const fingerprint = fingerprintOf({ projection: projection.name, eventType, error });
  await q.query(
    `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, event_type, error, fingerprint,
       attempts)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (projection, generation, stream_id) do update
       set fold_version = excluded.fold_version, seq = excluded.seq, event_type = excluded.event_type,
           error = excluded.error, fingerprint = excluded.fingerprint, attempts = excluded.attempts, parked_at = now()`,
    [
      projection.name,
      generation,
      streamId,
      tenantId,
      foldVersionOf(projection),
      seq,
      storable(eventType),
      storable(error),
      fingerprint,
      attempts,
    ],
  );
}

const FREED_AT_ONCE = 1_000;

/**
 * Takes the parked streams that meet the condition back to work, with no attempt counted; those that are parked again meanwhile
 * stay so. Gives how many.
 */
export async function freeParked(q: Queryable, condition: string, values: unknown[]): Promise<number> {
  const [clock] = await q.query<{ now: string }>('select clock_timestamp()::text as now');
  const last = values.length + 1;
  let freed = 0;
  for (;;) {
    const rows = await q.query(
      `with chosen as (
         select projection, generation, stream_id from parked
         where ${condition} and parked_at <= $${last}::timestamptz order by stream_id limit ${FREED_AT_ONCE}
       ), freed as (
         delete from parked p using chosen c
         where p.projection = c.projection and p.generation = c.generation and p.stream_id = c.stream_id
         returning p.projection, p.generation, p.stream_id, p.tenant_id, p.seq
       ), reset as (
         delete from fold_attempts a using freed f
         where a.projection = f.projection and a.generation = f.generation and a.stream_id = f.stream_id
       ), listed as (
         insert into pending as p (stream_id, tenant_id, seq, since)
         select distinct on (stream_id) stream_id, tenant_id, seq, now() from freed order by stream_id, seq desc
         on conflict (stream_id) do update set seq = greatest(p.seq, excluded.seq)
       )
       select 1 from freed`,
      [...values, clock!.now],
    );
    freed += rows.length;
    if (rows.length < FREED_AT_ONCE) return freed;
  }
}

/** PostgreSQL text holds no \u0000, and an error may quote one. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').slice(0, 2_000);
}
