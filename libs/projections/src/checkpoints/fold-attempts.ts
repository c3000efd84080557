import type { Queryable } from '#platform';
import { keyOf, type Built, type CheckpointKey } from './checkpoint.js';

/**
 * Counts an attempt of each before they are made, in a transaction of its own, and gives the attempts so far, these included, in the
 * order of `places`. A second one makes the folds up to `head` careful: the first was cut off, somewhere in its batch.
 */
export async function beginAttempts(
  q: Queryable,
  streamId: string,
  places: readonly Built[],
  head: number,
): Promise<number[]> {
  const rows = await q.query<Built & { attempts: number }>(
    `insert into fold_attempts as a (projection, generation, stream_id, attempts)
     select p, g, $1, 1 from unnest($2::text[], $3::integer[]) as n (p, g)
     on conflict (projection, generation, stream_id) do update
       set attempts = a.attempts + 1,
           cautious_to = case when a.attempts > 0 then greatest(a.cautious_to, $4) else a.cautious_to end
     returning projection, generation, attempts`,
    [streamId, places.map(({ projection }) => projection), places.map(({ generation }) => generation), head],
  );
  return places.map(
    (place) =>
      rows.find(
        ({ projection, generation }) => projection === place.projection && generation === place.generation,
      )?.attempts ?? 0,
  );
}

/** The streams that some projection has begun to fold and not ended, and how often: one that ends its process is among them. */
export async function begunAmong(q: Queryable, streamIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await q.query<{ id: string; attempts: number }>(
    // by the primary key, in each generation that there is
    `select a.stream_id as id, max(a.attempts) as attempts
     from unnest($1::uuid[]) as s (id) cross join projection_generations g
     cross join lateral (
       select stream_id, attempts from fold_attempts
       where projection = g.projection and generation = g.generation and stream_id = s.id and attempts > 0 offset 0) a
     group by a.stream_id`,
    [streamIds],
  );
  return new Map(rows.map(({ id, attempts }) => [id, attempts]));
}

/** What stopped the attempt was no fault of the next event: it does not count. */
export async function forgetAttempt(q: Queryable, key: CheckpointKey): Promise<void> {
  await q.query(
    `update fold_attempts set attempts = greatest(attempts - 1, 0)
     where projection = $1 and generation = $2 and stream_id = $3`,
    keyOf(key),
  );
}

/** Makes the folds up to `seq` go where they harm nobody, and alone as soon as one of them has failed alone. */
export async function beCautious(q: Queryable, key: CheckpointKey, seq: number): Promise<void> {
  await q.query(
    `update fold_attempts set cautious_to = greatest(cautious_to, $4)
     where projection = $1 and generation = $2 and stream_id = $3`,
    [...keyOf(key), seq],
  );
}
