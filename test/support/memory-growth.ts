/** What a process held at a moment of a run. */
export type MemorySample = { atMs: number; mb: number };

/**
 * How the memory of a long run went: the lower quartiles of its first and its last third, and the slope between their middles. The
 * quartile is what collections leave: medians rose by 120 MB for a minute and fell again, while the heap went down to 100 MB all along.
 */
export type MemoryGrowth = {
  firstMb: number;
  lastMb: number;
  mbPerMinute: number;
  mostMb: number;
  grew: boolean;
};

/** Caches fill and heaps settle meanwhile: they take this share of the run, and a minute at most. */
const WARM_UP = 0.2;
const LONGEST_WARM_UP_MS = 60_000;
/** More than this over the first third is growth: bounded caches go on filling, and a collector takes its time. */
const SHARE = 1.25;
const SLACK_MB = 32;

/** Judges a run by what it held after its warm-up. @throws without samples */
export function memoryGrowth(samples: readonly MemorySample[]): MemoryGrowth {
  const [begin, end] = [samples.at(0)!.atMs, samples.at(-1)!.atMs];
  const from = begin + Math.min((end - begin) * WARM_UP, LONGEST_WARM_UP_MS);
  const third = (end - from) / 3;
  const firstMb = quartileOf(samples.filter(({ atMs }) => atMs >= from && atMs <= from + third));
  const lastMb = quartileOf(samples.filter(({ atMs }) => atMs >= end - third));
  const mostMb = firstMb * SHARE + SLACK_MB;
  const minutes = (2 * third) / 60_000;
  return {
    firstMb,
    lastMb,
    mostMb,
    mbPerMinute: minutes > 0 ? (lastMb - firstMb) / minutes : 0,
    grew: lastMb > mostMb,
  };
}

function quartileOf(samples: readonly MemorySample[]): number {
  const sorted = samples.map(({ mb }) => mb).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 4)] ?? 0;
}
