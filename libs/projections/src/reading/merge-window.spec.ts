import { mergeWindow, rowWindow } from './merge-window.js';

const ascending = (a: number, b: number) => a - b;

/** Every way to split 0..n-1 into rows and changed entries, every offset and limit. */
describe('mergeWindow', () => {
  it('gives the same page as merging everything, wherever the changed entries stand', () => {
    const n = 7;
    const all = Array.from({ length: n }, (_, i) => i);
    for (let split = 0; split < 2 ** n; split += 1) {
      const changed = all.filter((i) => (split >> i) % 2 === 1);
      const rows = all.filter((i) => (split >> i) % 2 === 0);
      for (let offset = 0; offset <= n + 1; offset += 1) {
        for (const limit of [1, 2, 3, n]) {
          const { skip, take } = rowWindow({ offset, limit }, changed.length);
          const page = mergeWindow(rows.slice(skip, skip + take), changed, ascending, { offset, limit });
          expect(page).toEqual(all.slice(offset, offset + limit + 1));
        }
      }
    }
  });
});
