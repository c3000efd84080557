import { BackOff } from './back-off.js';

const waits = (random: number, attempts = 8): number[] => {
  const backOff = new BackOff(() => random);
  return Array.from({ length: attempts }, () => backOff.next());
};

describe('the wait before an attempt', () => {
  it('doubles from a quarter of a second to ten seconds at most', () => {
    expect(waits(0)).toEqual([250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    expect(waits(1)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  });

  it('is what the server asks for where that is longer, up to ten seconds', () => {
    expect(new BackOff(() => 0).next(3_000)).toBe(3_000);
    expect(new BackOff(() => 0).next(60_000)).toBe(10_000);
  });

  it('begins anew once all is well', () => {
    const backOff = new BackOff(() => 0);
    backOff.next();
    backOff.next();
    backOff.reset();
    expect(backOff.next()).toBe(250);
  });
});
