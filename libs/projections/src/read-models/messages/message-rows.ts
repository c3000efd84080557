import { layerValues } from '../../reading/layers.js';
import type { PathRange } from './branch-path.js';
import { layers, standsInLayer } from './layered-rows.js';
import { placeOfRow, stateOfRow, messageColumns, type MessageRow } from './message.row.js';
import type { MessageVersion } from './message-version.js';
import type { MessageView } from './message-view.js';

export type RowSlice = { ranges: PathRange[]; backward: boolean; offset: number; limit: number };
type Rows = Pick<MessageView, 'q' | 'generation' | 'layers'>;

/**
 * Rows along a path that the tail did not touch, without removed ones; backward: the newest first. Rows in flight lag:
 * `ExactMessages` is asked for each before it is shown.
 */
export async function rowsOnPath(
  view: MessageView,
  { ranges, backward, offset, limit }: RowSlice,
): Promise<MessageRow[]> {
  if (ranges.length === 0 || limit <= 0 || view.layers.length === 0) return [];
  const order = backward ? 'desc' : 'asc';
  return view.q.query<MessageRow>(
    `select m.* from unnest($4::bigint[], $5::bigint[], $6::bigint[]) as r (segment, low, high)
     cross join ${layers}
     cross join lateral (
       select ${messageColumns} from messages m
       where ${standsInLayer} and m.segment = r.segment and m.seq between r.low and r.high
         and not m.removed and m.id <> all ($7::uuid[])
       order by m.seq ${order} limit $8
     ) m
     order by m.seq ${order} offset $9 limit $10`,
    [
      view.generation,
      ...layerValues(view.layers),
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

/** The version where the view's rows end. */
export function rowOf(view: Rows, id: string): Promise<MessageRow | null> {
  return rowBefore(view, id, Number.MAX_SAFE_INTEGER);
}

/** The version before the one of `validFrom`: what a message was when its chunks began. */
export async function rowBefore(view: Rows, id: string, validFrom: number): Promise<MessageRow | null> {
  if (view.layers.length === 0) return null;
  const [row] = await view.q.query<MessageRow>(
    `select m.* from ${layers} cross join lateral (
       select ${messageColumns} from messages m
       where m.generation = $1 and m.conversation_id = l.stream_id and m.id = $4 and m.valid_from <= l.up_to
         and m.valid_from < $5
       order by m.valid_from desc limit 1
     ) m
     order by m.valid_from desc limit 1`,
    [view.generation, ...layerValues(view.layers), id, validFrom],
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
