import { randomInt } from 'node:crypto';

/** A seeded source of chance: the same seed gives the same schedule. */
export type Prng = {
  seed: number;
  /** [0, 1) */
  next(): number;
  /** A whole number, both ends included. */
  between(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
};

/** Prints its seed; CHATLOG_TEST_SEED replays one. Algorithm: mulberry32 (Tommy Ettinger, public domain). */
export function createPrng(
  label: string,
  seed = Number(process.env.CHATLOG_TEST_SEED ?? randomInt(2 ** 31)),
): Prng {
  process.stderr.write(`seed of ${label}: ${seed} (CHATLOG_TEST_SEED=${seed} replays it)\n`);
  return quietPrng(seed);
}

/** The same without a word, for the many schedules of a test that prints the seed that they are drawn from. */
export function quietPrng(seed: number): Prng {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  return {
    seed,
    next,
    between,
    pick: (items) => items[between(0, items.length - 1)] as (typeof items)[number],
  };
}
