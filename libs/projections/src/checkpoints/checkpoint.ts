import type { Queryable } from '#platform';
import type { ProjectionName } from '../projection.js';
import { DIED } from '../folding/died.js';

export type CheckpointKey = { projection: ProjectionName; generation: number; streamId: string };

/** How far a stream is projected, and what stands in the way. */
export type Checkpoint = {
  seq: number;
  /** False: nothing of the stream was projected yet, `seq` is 0. */
  begun: boolean;
  /** The stream's last seq, from the same snapshot. */
  head: number;
  /** The projection's own state at seq; null before the first event. */
  state: unknown;
  /** Folds begun at seq and not finished. */
  attempts: number;
  /** Up to here the events are folded one at a time. */
  cautiousTo: number;
  /** The event that it is parked before; null when it is not. */
  parkedAt: number | null;
  /** The same, where folding that event ends the process. */
  deadlyAt: number | null;
};

export const keyOf = ({ projection, generation, streamId }: CheckpointKey) => [
  projection,
  generation,
  streamId,
];

export async function readCheckpoint(q: Queryable, key: CheckpointKey): Promise<Checkpoint> {
  const [row] = await q.query<Checkpoint>(
    `select coalesce(c.seq, 0) as seq, c.seq is not null as begun, c.state, coalesce(a.attempts, 0) as attempts,
       coalesce(a.cautious_to, 0) as "cautiousTo", k.seq as "parkedAt",
       case when k.error = $4 then k.seq end as "deadlyAt",
       coalesce((select e.seq from events e where e.stream_id = $3 order by e.seq desc limit 1), 0) as head
     from (select $1::text as projection, $2::integer as generation, $3::uuid as stream_id) key
     left join projection_checkpoints c using (projection, generation, stream_id)
     left join fold_attempts a using (projection, generation, stream_id)
     left join parked k using (projection, generation, stream_id)`,
    [...keyOf(key), DIED],
  );
  if (!row) throw new Error('a select without a where has a row');
  return row;
}

/**
 * Moves the checkpoint, in the transaction that writes the rows, and ends the attempt. False when it does not stand at
 * `from` any more, or the generation is gone or of another version: then roll back. Its commit does not wait for the disk:
 * what a crashed server lost is projected again.
 */
export async function moveCheckpoint(
  q: Queryable,
  key: CheckpointKey,
  version: number,
  move: { from: number; to: number; state: unknown },
): Promise<boolean> {
  const rows = await q.query(
    `with ended as (
       delete from fold_attempts
       where projection = $1 and generation = $2 and stream_id = $3 and cautious_to <= $6
     ), calmed as (
       update fold_attempts set attempts = 0
       where projection = $1 and generation = $2 and stream_id = $3 and cautious_to > $6
     )
     insert into projection_checkpoints as c (projection, generation, stream_id, seq, state)
     select g.projection, g.generation, $3, $6, $7::json
     from projection_generations g cross join (select set_config('synchronous_commit', 'off', true)) quick
     where g.projection = $1 and g.generation = $2 and g.version = $4
     on conflict (projection, generation, stream_id) do update
       set seq = excluded.seq, state = excluded.state where c.seq = $5
     returning 1 as moved`,
    [...keyOf(key), version, move.from, move.to, JSON.stringify(move.state)],
  );
  return rows.length === 1;
}

/** Whether some projection has trouble with one of the streams: their events are to be folded with care. */
export async function areSuspect(q: Queryable, streamIds: readonly string[]): Promise<boolean> {
  const [row] = await q.query<{ suspect: boolean }>(
    `select exists (select from parked where stream_id = any ($1::uuid[]))
       or exists (select from fold_attempts where stream_id = any ($1::uuid[]) and attempts > 0) as suspect`,
    [streamIds],
  );
  return row?.suspect ?? false;
}
