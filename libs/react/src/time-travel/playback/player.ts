import type { TimeTravelClock } from '../time-travel-clock.js';
import { advance, type PlayHead, type Recording, type Speed } from './playback.js';

export type PlayerPorts = {
  recording(): Recording;
  /** Loads the times around a seq. */
  load(seq: number): Promise<void>;
  show(seq: number): void;
  /** The end was reached, or something could not be loaded. */
  end(error?: unknown): void;
};

/** How many events ahead are loaded while it plays. */
const AHEAD = 100;
/** A tab that was hidden does not play all that time at once when it is shown again. */
const LONGEST_STEP_MS = 250;

/** Plays a recording frame by frame. It waits where something is still loading, and owes no time for that. */
export class Player {
  speed: Speed = 1;
  private head: PlayHead = { seq: 0, playedMs: 0 };
  private cancel: (() => void) | undefined;
  private isLoading = false;

  constructor(
    private readonly clock: TimeTravelClock,
    private readonly ports: PlayerPorts,
  ) {}

  play(from: number): void {
    this.pause();
    this.head = { seq: from, playedMs: 0 };
    this.next();
  }

  pause(): void {
    this.cancel?.();
    this.cancel = undefined;
  }

  private next(): void {
    const before = this.clock.now();
    this.cancel = this.clock.frame(() => {
      const elapsed = Math.min(this.clock.now() - before, LONGEST_STEP_MS);
      this.step(elapsed * this.speed);
    });
  }

  private step(elapsedMs: number): void {
    const { seq } = this.head;
    const { head, state } = advance(this.head, elapsedMs, this.ports.recording());
    this.head = head;
    if (head.seq !== seq) this.ports.show(head.seq);
    if (state === 'ended') {
      this.cancel = undefined;
      this.ports.end();
      return;
    }
    this.next();
    const isWaiting = state === 'waiting';
    void this.load(isWaiting ? [head.seq, head.seq + 1] : [head.seq + AHEAD], isWaiting);
  }

  private async load(seqs: number[], isWaiting: boolean): Promise<void> {
    const { timeOf, last } = this.ports.recording();
    const missing = seqs.find((seq) => seq >= 1 && seq <= last && timeOf(seq) === undefined);
    if (missing === undefined || this.isLoading) return;
    this.isLoading = true;
    try {
      await this.ports.load(missing);
    } catch (error) {
      // what lies ahead is asked for again once it is needed
      if (!isWaiting || !this.cancel) return;
      this.pause();
      this.ports.end(error);
    } finally {
      this.isLoading = false;
    }
  }
}
