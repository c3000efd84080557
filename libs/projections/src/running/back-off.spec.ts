import { BackOff } from './back-off.js';

describe('BackOff', () => {
  it('waits 1, 2, 4 … at most 60 seconds, and forgets what has no work', () => {
    let now = 0;
    const backOff = new BackOff(() => now);
    const waits: number[] = [];
    for (let i = 0; i < 9; i += 1) {
      backOff.failed('a');
      const failedAt = now;
      while (!backOff.isDue('a')) now += 500;
      waits.push(now - failedAt);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    expect(backOff.isDue('b')).toBe(true);
    backOff.keep(new Set());
    expect(backOff.size).toBe(0);
  });

  it('waits once for what failed elsewhere, however often it hears of it', () => {
    let now = 0;
    const backOff = new BackOff(() => now);
    backOff.notice('a');
    expect(backOff.isDue('a')).toBe(false);
    now = 1_000;
    backOff.notice('a');
    expect(backOff.isDue('a')).toBe(true);
  });
});
