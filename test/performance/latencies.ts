import { createHistogram } from 'node:perf_hooks';

export type LatencyFigures = { count: number; p50Ms: number; p99Ms: number; maxMs: number };

const LONGEST_US = 600_000_000;

/**
 * The times of one window, in microseconds, within a thousandth. A histogram: to sort a hundred thousand numbers takes as long as
 * what is measured here, in the process that is measured.
 */
export class Latencies {
  private readonly histogram = createHistogram({ lowest: 1, highest: LONGEST_US, figures: 3 });

  add(us: number): void {
    this.histogram.record(Math.min(LONGEST_US, Math.max(1, us)));
  }

  /** The figures since the last call. */
  take(): LatencyFigures {
    const { histogram } = this;
    const { count } = histogram;
    const at = (share: number) => (count === 0 ? 0 : histogram.percentile(share) / 1_000);
    const figures = { count, p50Ms: at(50), p99Ms: at(99), maxMs: count === 0 ? 0 : histogram.max / 1_000 };
    histogram.reset();
    return figures;
  }
}
