import { layerValues } from '../../reading/layers.js';
import { layers } from './layered-rows.js';
import type { MessageView } from './message-view.js';

/** The message that the view's path ends in. A segment may begin in one layer and go on in later ones. */
export async function leafOfView({ q, generation, ...view }: MessageView): Promise<string | null> {
  const { path, changed, rowsAt } = view;
  const end = path.at(-1);
  if (!end) return null;
  const [segment, toSeq] = end;
  const inTail = [...changed.values()]
    .filter(({ place }) => place.segment === segment && (toSeq === null || place.seq <= toSeq))
    .toSorted((a, b) => b.place.seq - a.place.seq);
  const [row] = await q.query<{ id: string; seq: number }>(
    `select m.id, m.seq from ${layers} cross join lateral (
       select m.id, m.seq from messages m
       where m.generation = $1 and m.conversation_id = l.stream_id and m.segment = $4 and m.seq <= least($5, l.up_to)
       order by m.seq desc limit 1
     ) m
     order by m.seq desc limit 1`,
    [generation, ...layerValues(view.layers), segment, Math.min(toSeq ?? rowsAt, rowsAt)],
  );
  const newest = inTail[0];
  if (newest && (!row || newest.place.seq >= row.seq)) return newest.message.id;
  return row?.id ?? null;
}
