import { percentile } from './percentile.js';

export type LatencyFigures = { count: number; p50Ms: number; p99Ms: number; maxMs: number };

/** The times of one window, in microseconds. */
export class Latencies {
  private values: number[] = [];

  add(us: number): void {
    this.values.push(us);
  }

  /** The figures since the last call. */
  take(): LatencyFigures {
    const { values } = this;
    this.values = [];
    const at = (share: number) => percentile(values, share) / 1_000;
    return { count: values.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  }
}
