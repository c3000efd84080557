import type { Prng } from './prng.js';

type Waiting = { actor: string; go: () => void };

/**
 * Decides, by a seeded source of chance, who of several concurrent actors goes on next. Actors announce each step; one that
 * is paused stays where it is while time goes by for the others.
 */
export class Schedule {
  private readonly waiting: Waiting[] = [];
  private readonly pausedUntil = new Map<string, number>();
  private now = 0;

  constructor(
    private readonly random: Pick<Prng, 'next' | 'between' | 'pick'>,
    private readonly options: {
      /** Moves time, for the log and for timers. */
      advance: (ms: number) => void;
      /** Likelihood, at each step, of a pause, and its length. */
      pauseChance: number;
      longestPauseMs: number;
    },
  ) {}

  /** Waits until the schedule lets the actor go on. */
  step(actor: string): Promise<void> {
    return new Promise((go) => this.waiting.push({ actor, go }));
  }

  /** Lets the actors go on, one step at a time, until `done`. @throws Error when they do not come to an end */
  async run(done: () => boolean): Promise<void> {
    const { random } = this;
    for (let steps = 0; ; steps++) {
      // All promises that can settle do so before the next choice.
      await new Promise(setImmediate);
      if (done()) return;
      if (steps > 20_000) throw new Error('the schedule does not come to an end');
      const awake = this.waiting.filter(({ actor }) => (this.pausedUntil.get(actor) ?? 0) <= this.now);
      if (awake.length === 0 || random.next() < 0.15) this.advance(random.between(1, 100));
      else this.let(random.pick(awake));
    }
  }

  private let(chosen: Waiting): void {
    const { random, options } = this;
    if (random.next() < options.pauseChance) {
      this.pausedUntil.set(chosen.actor, this.now + random.between(1, options.longestPauseMs));
      return;
    }
    this.waiting.splice(this.waiting.indexOf(chosen), 1);
    chosen.go();
  }

  private advance(ms: number): void {
    this.now += ms;
    this.options.advance(ms);
  }
}
