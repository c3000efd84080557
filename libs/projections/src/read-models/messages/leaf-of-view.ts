import type { MessageView } from './message-view.js';

/** The message that the view's path ends in. */
export async function leafOfView({
  q,
  generation,
  streamId,
  rowsAt,
  path,
  changed,
}: MessageView): Promise<string | null> {
  const end = path.at(-1);
  if (!end) return null;
  const [segment, toSeq] = end;
  const inTail = [...changed.values()]
    .filter(({ place }) => place.segment === segment && (toSeq === null || place.seq <= toSeq))
    .toSorted((a, b) => b.place.seq - a.place.seq);
  const [row] = await q.query<{ id: string; seq: number }>(
    `select m.id, m.seq from messages m
     where m.generation = $1 and m.conversation_id = $2 and m.segment = $3 and m.seq <= $4
     order by m.seq desc limit 1`,
    [generation, streamId, segment, Math.min(toSeq ?? rowsAt, rowsAt)],
  );
  const newest = inTail[0];
  if (newest && (!row || newest.place.seq >= row.seq)) return newest.message.id;
  return row?.id ?? null;
}
