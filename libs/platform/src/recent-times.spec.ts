import { RecentTimes } from './recent-times.js';

const filled = (times: RecentTimes, count: number, at: number) => {
  for (let ms = 1; ms <= count; ms += 1) times.add(ms, at);
  return times;
};

describe('RecentTimes', () => {
  it('is null before anything was measured', () => {
    expect(new RecentTimes().percentile(0.95)).toBeNull();
  });

  it('gives the time that so many stay within', () => {
    const times = filled(new RecentTimes(), 100, 0);
    expect([0.5, 0.95, 1].map((share) => times.percentile(share, 1))).toEqual([50, 95, 100]);
  });

  it('forgets what is older than its window', () => {
    const times = filled(new RecentTimes(5_000), 100, 0);
    times.add(7, 5_000);
    expect(times.percentile(0.95, 5_001)).toBe(7);
    expect(times.percentile(0.95, 10_001)).toBeNull();
  });

  it('keeps the newest of more than it holds', () => {
    const times = filled(new RecentTimes(5_000, 10), 1_000, 0);
    expect([0.01, 1].map((share) => times.percentile(share, 1))).toEqual([991, 1_000]);
  });
});
