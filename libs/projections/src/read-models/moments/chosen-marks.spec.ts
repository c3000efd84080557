import { createPrng } from '../../../../../test/support/prng.js';
import { chosenMarks } from './chosen-marks.js';
import { markKinds, type MarkCounts } from './moment.js';

const totals = (counts: Partial<MarkCounts>): MarkCounts => ({
  message: 0,
  tool: 0,
  version: 0,
  status: 0,
  fork: 0,
  ...counts,
});

describe('the marks of a timeline', () => {
  it('are all of them where there is room', () => {
    const chosen = chosenMarks(totals({ message: 3, fork: 1 }), 10);
    expect(chosen).toEqual([
      { kind: 'fork', n: 1, count: 1 },
      { kind: 'message', n: 1, count: 1 },
      { kind: 'message', n: 2, count: 1 },
      { kind: 'message', n: 3, count: 1 },
    ]);
  });

  it('keep the rare kinds whole', () => {
    const chosen = chosenMarks(totals({ message: 12_000, status: 24_000, version: 300, fork: 4 }), 2_000);
    const shown = (kind: string) => chosen.filter((mark) => mark.kind === kind).length;
    expect([shown('fork'), shown('version'), shown('message'), shown('status')]).toEqual([4, 300, 848, 848]);
  });

  it('are never too many, rise, end with the last of each kind, and stand for all', () => {
    const prng = createPrng('chosen marks');
    for (let round = 0; round < 200; round += 1) {
      const counts = totals(
        Object.fromEntries(markKinds.map((kind) => [kind, prng.between(0, prng.pick([3, 90, 5_000]))])),
      );
      const most = prng.between(5, 2_000);
      const chosen = chosenMarks(counts, most);
      const all = markKinds.reduce((sum, kind) => sum + counts[kind], 0);
      expect(chosen.length).toBe(Math.min(all, most));
      for (const kind of markKinds) {
        const marks = chosen.filter((mark) => mark.kind === kind);
        expect(marks.at(-1)?.n ?? 0).toBe(counts[kind]);
        expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(counts[kind]);
        expect(marks.every(({ n, count }, i) => count > 0 && n === (marks[i - 1]?.n ?? 0) + count)).toBe(
          true,
        );
      }
    }
  });
});
