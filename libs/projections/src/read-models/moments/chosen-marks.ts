import { markKinds, type MarkCounts, type MarkKind } from './moment.js';

/** A mark that is shown, by its number in its kind, and how many it stands for: itself and those since the one before. */
export type ChosenMark = { kind: MarkKind; n: number; count: number };

/**
 * At most `most` marks. Kinds that are rare are shown whole, and what they leave is shared by the others: of those the marks
 * are evenly spread, the last one always among them.
 */
export function chosenMarks(totals: MarkCounts, most: number): ChosenMark[] {
  const kinds = markKinds.filter((kind) => totals[kind] > 0).toSorted((a, b) => totals[a] - totals[b]);
  let room = most;
  return kinds.flatMap((kind, index) => {
    const shown = Math.min(totals[kind], Math.floor(room / (kinds.length - index)));
    room -= shown;
    return spread(kind, totals[kind], shown);
  });
}

function spread(kind: MarkKind, total: number, shown: number): ChosenMark[] {
  let before = 0;
  return Array.from({ length: shown }, (_, i) => {
    const n = Math.round(((i + 1) * total) / shown);
    const count = n - before;
    before = n;
    return { kind, n, count };
  });
}
