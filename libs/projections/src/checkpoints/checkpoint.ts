import type { Queryable } from '#platform';
import type { ProjectionName } from '../projection.js';
import { DIED } from '../folding/died.js';

/** One built copy of a projection's rows. */
export type Built = { projection: ProjectionName; generation: number };
export type CheckpointKey = Built & { streamId: string };

/** How far a stream is projected, and what stands in the way. */
export type Checkpoint = {
  seq: number;
  /** False: nothing of the stream was projected yet, `seq` is 0. */
  begun: boolean;
  /** The stream's last seq, from the same snapshot. */
  head: number;
  /** The last of its events that is no delta; 0 where there is none. Of a fork, its own. */
  needed: number;
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
  const [checkpoint] = await readCheckpoints(q, key.streamId, [key]);
  if (!checkpoint) throw new Error('a left join has a row for each key');
  return checkpoint;
}

/** Of one stream, in the order of `places`, in one snapshot. */
export function readCheckpoints(
  q: Queryable,
  streamId: string,
  places: readonly Built[],
): Promise<Checkpoint[]> {
  return q.query<Checkpoint>(
    `select coalesce(c.seq, 0) as seq, c.seq is not null as begun, c.state, coalesce(a.attempts, 0) as attempts,
       coalesce(a.cautious_to, 0) as "cautiousTo", k.seq as "parkedAt",
       case when k.error = $4 then k.seq end as "deadlyAt", l.head, l.needed
     from (select
         coalesce((select e.seq from events e where e.stream_id = $1 order by e.seq desc limit 1), 0) as head,
         coalesce((select e.seq from events e where e.stream_id = $1 and e.type <> 'StreamDeltaReceived'
           order by e.seq desc limit 1), 0) as needed) l
     cross join unnest($2::text[], $3::integer[]) with ordinality as g (projection, generation, n)
     left join lateral (select seq, state from projection_checkpoints
       where projection = g.projection and generation = g.generation and stream_id = $1 offset 0) c on true
     left join lateral (select attempts, cautious_to from fold_attempts
       where projection = g.projection and generation = g.generation and stream_id = $1 offset 0) a on true
     left join lateral (select seq, error from parked
       where projection = g.projection and generation = g.generation and stream_id = $1 offset 0) k on true
     order by g.n`,
    [streamId, places.map(({ projection }) => projection), places.map(({ generation }) => generation), DIED],
  );
}

/** A checkpoint that goes on from `from` to `to`, by this version of its projection. */
export type CheckpointMove = Built & {
  version: number;
  from: number;
  to: number;
  state: unknown;
};

/**
 * Moves checkpoints of one stream, in the transaction that writes their rows, and ends their attempts. False when one does not
 * stand at its `from` any more, or its generation is gone or of another version: then roll back. The commit does not wait for the
 * disk: what a crashed server lost is projected again.
 */
export async function moveCheckpoints(
  q: Queryable,
  streamId: string,
  moves: readonly CheckpointMove[],
): Promise<boolean> {
  const rows = await q.query(
    `with asked as (
       select * from unnest($2::text[], $3::integer[], $4::integer[], $5::bigint[], $6::bigint[], $7::text[])
         as a (projection, generation, version, from_seq, to_seq, state)
     ), ended as (
       delete from fold_attempts f
       where f.projection = any ($2::text[]) and f.generation = any ($3::integer[]) and f.stream_id = $1
         and f.cautious_to <= (select a.to_seq from asked a
           where a.projection = f.projection and a.generation = f.generation)
     ), calmed as (
       update fold_attempts f set attempts = 0
       where f.projection = any ($2::text[]) and f.generation = any ($3::integer[]) and f.stream_id = $1
         and f.cautious_to > (select a.to_seq from asked a
           where a.projection = f.projection and a.generation = f.generation)
     )
     insert into projection_checkpoints as c (projection, generation, stream_id, seq, state)
     select g.projection, g.generation, $1, a.to_seq, a.state::json
     from asked a
     join projection_generations g
       on g.projection = a.projection and g.generation = a.generation and g.version = a.version
     cross join (select set_config('synchronous_commit', 'off', true)) quick
     on conflict (projection, generation, stream_id) do update
       set seq = excluded.seq, state = excluded.state
       where c.seq = (select a.from_seq from asked a
         where a.projection = excluded.projection and a.generation = excluded.generation)
     returning 1 as moved`,
    [
      streamId,
      moves.map(({ projection }) => projection),
      moves.map(({ generation }) => generation),
      moves.map(({ version }) => version),
      moves.map(({ from }) => from),
      moves.map(({ to }) => to),
      moves.map(({ state }) => JSON.stringify(state)),
    ],
  );
  return rows.length === moves.length;
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
