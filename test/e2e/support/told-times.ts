import { loadavg } from 'node:os';
import { expect } from '@playwright/test';
import { percentile } from '../../performance/percentile.js';

/** A time on a shared machine judges the machine: what is far beyond the limit fails, what is beyond it is told. */
const GENEROUS = 3;

const load = () => loadavg()[0]?.toFixed(1);
const p = (times: number[], share: number) => percentile(times, share).toFixed(0);

/** Prints times in milliseconds beside their limit. */
export function tell(what: string, times: number[], limit: number): void {
  const longest = Math.max(...times);
  const judged = longest > limit ? 'BEYOND' : 'within';
  console.log(
    `${what}: p50 ${p(times, 0.5)} ms, p95 ${p(times, 0.95)} ms, longest ${longest.toFixed(0)} ms of ${times.length}, ${judged} the limit of ${limit} ms` +
      ` (load average ${load()})`,
  );
}

/**
 * A busy machine is slow with a short chat, and without a stream, too: a time may be far beyond its limit only where that of
 * the control is beyond it as well.
 */
export function judge(
  what: string,
  times: number[],
  { limit, control }: { limit: number; control: number[] },
): void {
  tell(what, times, limit);
  tell('  its control', control, limit);
  const allowed = Math.max(limit, percentile(control, 0.5)) * GENEROUS;
  expect(percentile(times, 0.5)).toBeLessThan(allowed);
}

/** Prints how long frames took that began at these times. */
export function tellFrames(what: string, frames: number[]): void {
  const times = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
  console.log(
    `${what}: frames p50 ${p(times, 0.5)} ms, p99 ${p(times, 0.99)} ms, longest ${p(times, 1)} ms of ${times.length}` +
      ` (load average ${load()})`,
  );
}
