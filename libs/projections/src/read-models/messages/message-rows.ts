import type { PathRange } from './branch-path.js';
import { placeOfRow, stateOfRow, messageColumns, type MessageRow } from './message.row.js';
import type { MessageVersion } from './message-version.js';
import type { MessageView } from './message-view.js';

/** The version at the view's seq. Rows in flight lag: `exactMessage` is called on each before it is shown. */
const valid =
  'm.generation = $1 and m.conversation_id = $2 and m.valid_from <= $3 and (m.valid_to is null or m.valid_to > $3)';

export type RowSlice = { ranges: PathRange[]; backward: boolean; offset: number; limit: number };

/** Rows along a path that the tail did not touch, without removed ones; backward: the newest first. */
export async function rowsOnPath(
  view: MessageView,
  { ranges, backward, offset, limit }: RowSlice,
): Promise<MessageRow[]> {
  if (ranges.length === 0 || limit <= 0) return [];
  const order = backward ? 'desc' : 'asc';
  return view.q.query<MessageRow>(
    `select m.* from unnest($4::bigint[], $5::bigint[], $6::bigint[]) as r (segment, low, high)
     cross join lateral (
       select ${messageColumns} from messages m
       where ${valid} and m.segment = r.segment and m.seq between r.low and r.high
         and not m.removed and m.id <> all ($7::uuid[])
       order by m.seq ${order} limit $8
     ) m
     order by m.seq ${order} offset $9 limit $10`,
    [
      view.generation,
      view.streamId,
      view.rowsAt,
      ranges.map(({ segment }) => segment),
      ranges.map(({ from }) => from),
      ranges.map(({ to }) => to),
      view.changedIds,
      offset + limit,
      offset,
      limit,
    ],
  );
}

export async function rowOf(view: MessageView, id: string): Promise<MessageRow | null> {
  const [row] = await view.q.query<MessageRow>(
    `select ${messageColumns} from messages m
     where m.generation = $1 and m.conversation_id = $2 and m.id = $3 and m.valid_from <= $4
     order by m.valid_from desc limit 1`,
    [view.generation, view.streamId, id, view.rowsAt],
  );
  return row ?? null;
}

/** The version before: what a message was when its chunks began. */
export async function rowBefore(
  view: MessageView,
  id: string,
  validFrom: number,
): Promise<MessageRow | null> {
  const [row] = await view.q.query<MessageRow>(
    `select ${messageColumns} from messages m
     where m.generation = $1 and m.conversation_id = $2 and m.id = $3 and m.valid_from < $4
     order by m.valid_from desc limit 1`,
    [view.generation, view.streamId, id, validFrom],
  );
  return row ?? null;
}

export function versionOfRow(row: MessageRow): MessageVersion {
  return {
    message: stateOfRow(row),
    place: placeOfRow(row),
    inFlight: row.in_flight,
    foldedSeq: row.folded_seq,
    validFrom: row.valid_from,
    validTo: null,
  };
}
