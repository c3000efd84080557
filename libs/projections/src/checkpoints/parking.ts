import type { Queryable } from '#platform';
import { foldVersion } from '../fold-version.js';
import type { CheckpointKey } from './checkpoint.js';

/** Stops one projection of one stream, visibly, before the event that it cannot go on with. */
export async function park(
  q: Queryable,
  key: CheckpointKey,
  { tenantId, seq, error, attempts }: { tenantId: string; seq: number; error: string; attempts: number },
): Promise<void> {
  await q.query(
    `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (projection, generation, stream_id) do update
       set fold_version = excluded.fold_version, seq = excluded.seq, error = excluded.error,
           attempts = excluded.attempts, parked_at = now()`,
    [key.projection, key.generation, key.streamId, tenantId, foldVersion, seq, storable(error), attempts],
  );
}

/** PostgreSQL text holds no \u0000, and an error may quote one. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u{FFFD}').slice(0, 2_000);
}
