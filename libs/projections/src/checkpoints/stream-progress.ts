import type { Queryable } from '#platform';
import type { FedGeneration } from './generation-catalog.js';

/** Of each generation asked for, how far it holds the stream; null where it holds nothing of it. */
export type StreamProgress = {
  /** The stream's last event that is no delta; 0 where there is none. */
  needed: number;
  seqs: (number | null)[];
};

/** One statement, in the order of `generations`. */
export async function progressOf(
  q: Queryable,
  streamId: string,
  generations: readonly FedGeneration[],
): Promise<StreamProgress> {
  const rows = await q.query<{ needed: number; seq: number | null }>(
    `select coalesce((
         select e.seq from events e where e.stream_id = $1 and e.type <> 'StreamDeltaReceived' order by e.seq desc limit 1
       ), 0) as needed, c.seq
     from unnest($2::text[], $3::integer[]) with ordinality as g (projection, generation, n)
     left join lateral (
       select seq from projection_checkpoints
       where projection = g.projection and generation = g.generation and stream_id = $1 offset 0) c on true
     order by g.n`,
    [
      streamId,
      generations.map(({ projection }) => projection.name),
      generations.map(({ generation }) => generation),
    ],
  );
  return { needed: rows[0]?.needed ?? 0, seqs: rows.map(({ seq }) => seq) };
}
