/** Where a page begins in the merged list, and which rows were fetched for it. */
export type Window = { offset: number; limit: number };

/**
 * How many rows may be skipped in the database: of the first `offset` entries of the merged list at most `changed` are
 * not rows. Fetch `take` rows from there.
 */
export function rowWindow({ offset, limit }: Window, changed: number): { skip: number; take: number } {
  const skip = Math.max(0, offset - changed);
  return { skip, take: offset - skip + limit + 1 };
}

/**
 * The entries [offset, offset + limit] of two sorted lists merged, one more than the page, from the rows that `rowWindow`
 * asked for. The lists share no entry.
 */
export function mergeWindow<T>(
  rows: T[],
  changed: T[],
  compare: (a: T, b: T) => number,
  window: Window,
): T[] {
  const { skip } = rowWindow(window, changed.length);
  const first = rows[0];
  if (skip > 0 && first === undefined) return [];
  // entries before the first fetched row stand before the page: at most all of `changed` and all skipped rows do
  const passed =
    skip > 0 && first !== undefined ? changed.filter((entry) => compare(entry, first) < 0).length : 0;
  const start = window.offset - skip - passed;
  return [...rows, ...changed.slice(passed)].toSorted(compare).slice(start, start + window.limit + 1);
}
