import { memoryGrowth } from './memory-growth.js';

const run = (mbAt: (minute: number) => number) =>
  Array.from({ length: 121 }, (_, n) => ({ atMs: n * 5_000, mb: mbAt(n / 12) }));

describe('memoryGrowth', () => {
  it('lets a run pass that stays where it warmed up to, whatever single samples say', () => {
    const growth = memoryGrowth(run((minute) => (minute < 0.9 ? 120 : 200 + (minute % 1 > 0.4 ? 300 : 0))));
    expect(growth).toMatchObject({ firstMb: 200, lastMb: 200, mbPerMinute: 0, grew: false });
  });

  it('finds one that grows by a fifth of itself a minute', () => {
    const growth = memoryGrowth(run((minute) => 200 + 40 * minute));
    expect(growth.grew).toBe(true);
    expect(growth.mbPerMinute).toBeCloseTo(40, 0);
  });

  it('takes a tenth more over the whole run for caches that fill', () => {
    expect(memoryGrowth(run((minute) => 200 + 2 * minute)).grew).toBe(false);
  });
});
