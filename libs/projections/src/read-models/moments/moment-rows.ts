import type { Queryable } from '#platform';
import { layerOf, layerValues, type Layer } from '../../reading/layers.js';
import { momentColumns, momentOfRow, type MomentRow } from './moment.row.js';
import type { MarkCounts, MarkKind, Moment } from './moment.js';

/** The rows of one conversation in one generation: of a fork its ancestors' too, each up to where its layer ends. */
export type MomentsOf = { generation: number; layers: readonly Layer[] };

/** The last moment of each layer, oldest first. */
async function lastMoments(q: Queryable, { generation, layers }: MomentsOf): Promise<Moment[]> {
  if (layers.length === 0) return [];
  const rows = await q.query<MomentRow>(
    `select ${momentColumns} from unnest($2::uuid[], $3::bigint[]) as l (stream_id, up_to)
     cross join lateral (
       select * from moments m
       where m.generation = $1 and m.conversation_id = l.stream_id and m.seq <= l.up_to order by m.seq desc limit 1
     ) m
     order by m.seq`,
    [generation, ...layerValues(layers)],
  );
  return rows.map(momentOfRow);
}

/** The last moment where the layers end: all that stood there is in it. */
export async function lastMoment(q: Queryable, moments: MomentsOf): Promise<Moment | null> {
  // a fork begins with a moment of its own, so an older layer need never be asked
  const [last] = await lastMoments(q, { ...moments, layers: moments.layers.slice(-1) });
  return last ?? (await lastMoments(q, moments)).at(-1) ?? null;
}

/** The marks with these numbers of their kinds: one look-up each, however many there are in between. */
export async function marksNumbered(
  q: Queryable,
  moments: MomentsOf,
  wanted: { kind: MarkKind; n: number }[],
): Promise<Moment[]> {
  const { generation, layers } = moments;
  if (wanted.length === 0 || layers.length === 0) return [];
  const streamOf = await streamOfNumber(q, moments);
  const rows = await q.query<MomentRow>(
    `select ${momentColumns} from unnest($2::uuid[], $3::text[], $4::integer[]) as w (stream_id, kind, n)
     cross join lateral (
       select * from moments m
       where m.generation = $1 and m.conversation_id = w.stream_id and m.kind = w.kind and m.n = w.n and m.seq <= $5 limit 1
     ) m`,
    [
      generation,
      wanted.map(streamOf),
      wanted.map(({ kind }) => kind),
      wanted.map(({ n }) => n),
      layers.at(-1)!.upTo,
    ],
  );
  return rows.map(momentOfRow);
}

/** Whose row a mark is: numbers go on from layer to layer. */
async function streamOfNumber(
  q: Queryable,
  moments: MomentsOf,
): Promise<(mark: { kind: MarkKind; n: number }) => string> {
  const { layers } = moments;
  const own = layers.at(-1)!.streamId;
  if (layers.length === 1) return () => own;
  const ends = new Map<string, MarkCounts>();
  for (const { seq, standing } of await lastMoments(q, moments)) {
    const layer = layerOf(layers, seq);
    if (layer) ends.set(layer.streamId, standing.counts);
  }
  return ({ kind, n }) =>
    layers.find(({ streamId }) => (ends.get(streamId)?.[kind] ?? 0) >= n)?.streamId ?? own;
}

/** How many marks there were at each of the seqs. */
export async function marksUpTo(
  q: Queryable,
  { generation, layers }: MomentsOf,
  seqs: number[],
): Promise<Map<number, number>> {
  const last = layers.at(-1);
  if (seqs.length === 0 || !last) return new Map();
  const rows = await q.query<{ seq: number; marks: number }>(
    `select s.seq, m.messages + m.tools + m.versions + m.statuses + m.forks as marks
     from unnest($2::uuid[], $3::bigint[]) as s (stream_id, seq)
     cross join lateral (
       select * from moments m
       where m.generation = $1 and m.conversation_id = s.stream_id and m.seq <= least(s.seq, $4)
       order by m.seq desc limit 1
     ) m`,
    [generation, seqs.map((seq) => (layerOf(layers, seq) ?? last).streamId), seqs, last.upTo],
  );
  return new Map(rows.map(({ seq, marks }) => [seq, marks]));
}
