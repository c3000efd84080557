/**
 * What the queries of messages share. In all of them $1 is the generation, $2 and $3 the layers, oldest first, `l` one layer and
 * `m` a row of `messages`.
 */
export const layers = 'unnest($2::uuid[], $3::bigint[]) with ordinality as l (stream_id, up_to, n)';

/** The row is the version of its message that stands where its stream's layer ends. */
export const inLayer = `m.generation = $1 and m.conversation_id = l.stream_id and m.valid_from <= l.up_to
  and (m.valid_to is null or m.valid_to > l.up_to)`;

/**
 * No later layer has a row of the message: a fork's event on an inherited message writes a whole row, and that one counts.
 * One probe a later layer; the inner limit keeps the planner from joining whole tables for it.
 */
export const notRewritten = `(l.n = cardinality($2::uuid[]) or not (select exists (
  select from unnest($2::uuid[], $3::bigint[]) with ordinality as o (stream_id, up_to, n)
  cross join lateral (
    select from messages x
    where x.generation = $1 and x.conversation_id = o.stream_id and x.id = m.id and x.valid_from <= o.up_to limit 1
  ) x
  where o.n > l.n)))`;

/** The row is its message's version where the layers end. */
export const standsInLayer = `${inLayer} and ${notRewritten}`;

/**
 * Of each message of $4 the version that stands where the layers end, as `m`: the greatest valid_from of all of them. A probe
 * a message and layer: joined by `any ($4)` the planner went over the whole conversation by another index.
 */
export const versionsOfIds = `unnest($4::uuid[]) as i (id) cross join lateral (
  select m.* from ${layers} cross join lateral (
    select * from messages m
    where m.generation = $1 and m.conversation_id = l.stream_id and m.id = i.id and m.valid_from <= l.up_to
    order by m.valid_from desc limit 1
  ) m
  order by m.valid_from desc limit 1
) m`;
