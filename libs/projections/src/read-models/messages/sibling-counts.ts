import type { MessageState, SiblingPlace } from '#model';
import { layerValues } from '../../reading/layers.js';
import { layers, standsInLayer } from './layered-rows.js';
import type { MessageView } from './message-view.js';

type Counted = { id: string; index: number; count: number };

const shown = `${standsInLayer} and not m.removed and m.id <> all ($4::uuid[])`;
const rowsShown = `${layers} join messages m on ${shown}`;
const counts = 'count(*)::integer as count, (count(*) filter (where m.seq < n.seq))::integer as index';

/** Where each message stands among the children of its parent that are not removed, oldest first; one query a page. */
export async function siblingPlaces(
  view: MessageView,
  messages: MessageState[],
): Promise<Map<string, SiblingPlace>> {
  if (messages.length === 0) return new Map();
  const rows = await view.q.query<Counted>(
    `select n.id, s.count, s.index from unnest($5::uuid[], $6::uuid[], $7::bigint[]) as n (id, parent_id, seq)
     cross join lateral (select ${counts} from ${rowsShown} and m.parent_id = n.parent_id) s
     where n.parent_id is not null
     union all
     select n.id, s.count, s.index from unnest($5::uuid[], $6::uuid[], $7::bigint[]) as n (id, parent_id, seq)
     cross join lateral (select ${counts} from ${rowsShown} and m.parent_id is null) s
     where n.parent_id is null`,
    [
      view.generation,
      ...layerValues(view.layers),
      view.changedIds,
      messages.map(({ id }) => id),
      messages.map(({ parentId }) => parentId),
      messages.map(({ seq }) => seq),
    ],
  );
  const stored = new Map(rows.map((row) => [row.id, row]));
  return new Map(messages.map((message) => [message.id, withChanged(view, message, stored.get(message.id))]));
}

function withChanged(
  view: MessageView,
  { parentId, seq }: MessageState,
  stored: Counted | undefined,
): SiblingPlace {
  let { index, count } = stored ?? { index: 0, count: 0 };
  for (const { message } of view.changed.values()) {
    if (message.removed || message.parentId !== parentId) continue;
    count += 1;
    if (message.seq < seq) index += 1;
  }
  return { index, count: Math.max(count, 1) };
}
