import { mergeWindow, rowWindow } from '../../reading/merge-window.js';
import { pathRanges } from './branch-path.js';
import { rowsOnPath, versionOfRow } from './message-rows.js';
import type { MessageVersion } from './message-version.js';
import { changedOnPath, type MessageView } from './message-view.js';

/** Which part of the selected path: after or before a message's seq, or after so many messages. */
export type PathSlice = { limit: number; after?: number; before?: number; offset?: number };
export type PathPage = { versions: MessageVersion[]; hasPrevious: boolean; hasNext: boolean };

/** A page of the selected path, oldest first: rows that the tail left alone, merged by seq with what it changed. */
export async function pathPage(
  view: MessageView,
  { limit, after, before, offset = 0 }: PathSlice,
): Promise<PathPage> {
  const backward = before !== undefined;
  const inSlice = (seq: number): boolean => seq > (after ?? 0) && seq < (before ?? Number.POSITIVE_INFINITY);
  const changed = changedOnPath(view).filter(({ place }) => inSlice(place.seq));
  const bySeq = (a: MessageVersion, b: MessageVersion) => (a.place.seq - b.place.seq) * (backward ? -1 : 1);
  const window = { offset, limit };
  const { skip, take } = rowWindow(window, changed.length);
  const ranges = pathRanges(view.path, { after, before, last: view.rowsAt });
  const rows = await rowsOnPath(view, { ranges, backward, offset: skip, limit: take });
  const found = mergeWindow(rows.map(versionOfRow), changed.toSorted(bySeq), bySeq, window);
  const more = found.length > limit;
  const versions = found.slice(0, limit);
  if (backward) return { versions: versions.toReversed(), hasPrevious: more, hasNext: true };
  return { versions, hasPrevious: offset > 0 || after !== undefined, hasNext: more };
}
