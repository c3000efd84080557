/** Durations of the last seconds, at most so many: where more come, the oldest go. Gives percentiles of them. */
export class RecentTimes {
  private samples: { at: number; ms: number }[] = [];

  constructor(
    private readonly windowMs = 5_000,
    private readonly capacity = 2_000,
  ) {}

  add(ms: number, at = performance.now()): void {
    this.samples.push({ at, ms });
    // seldom, so that a sample costs no copy of all
    if (this.samples.length >= 2 * this.capacity) this.samples = this.samples.slice(-this.capacity);
  }

  /** Null: nothing was measured in the window. */
  percentile(share: number, now = performance.now()): number | null {
    this.samples = this.samples.slice(-this.capacity).filter(({ at }) => at >= now - this.windowMs);
    const sorted = this.samples.map(({ ms }) => ms).toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
  }
}
