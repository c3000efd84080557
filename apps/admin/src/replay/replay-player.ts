import { setTimeout as pause } from 'node:timers/promises';
import type { ReplayKey } from './replay-keys.js';
import type { ReplayScreen } from './replay-screen.js';
import type { ReplayStep } from './replay-step.js';

/** Nobody waits longer for what comes next: people slept in between. */
const LONGEST_GAP_MS = 1_000;
/** How far back one can go. */
const KEPT_MESSAGES = 20;
const LOOK_EVERY_MS = 50;

/** Plays steps at the pace at which they came. */
export class ReplayPlayer {
  private paused = false;
  private over = false;
  /** Shown at once, up to the next message. */
  private hurrying = false;
  private goingBack = false;
  /** The newest messages, each with its heading first: what going back shows again. */
  private readonly kept: ReplayStep[][] = [];
  private last: ReplayStep | null = null;

  constructor(
    private readonly screen: ReplayScreen,
    /** `speed`: 2 = twice as fast, 0 = at once. `from`: steps before this seq are shown at once. */
    private readonly options: { speed: number; from: number; signal?: AbortSignal },
    private readonly sleep: (ms: number) => Promise<unknown> = pause,
  ) {}

  press(key: ReplayKey): void {
    switch (key) {
      case 'pause':
        this.paused = !this.paused;
        break;
      case 'quit':
        this.over = true;
        break;
      case 'forward':
        this.hurrying = true;
        this.paused = false;
        break;
      case 'back':
        this.goingBack = true;
        break;
      default:
        key satisfies never;
    }
  }

  /** Resolves when the last step was shown, or someone has quit. */
  async play(steps: AsyncIterable<ReplayStep>): Promise<void> {
    for await (const step of steps) {
      await this.one(step);
      if (this.isOver) break;
    }
    this.screen.end();
  }

  private get isOver(): boolean {
    return this.over || (this.options.signal?.aborted ?? false);
  }

  private async one(step: ReplayStep): Promise<void> {
    if (step.kind === 'heading') this.hurrying = false;
    await this.wait(step);
    if (this.isOver) return;
    this.keep(step);
    this.screen.show(step);
    this.last = step;
  }

  /** As long as it took then, by small steps, so that a key is heard at once. */
  private async wait({ at, seq }: ReplayStep): Promise<void> {
    const gap = this.last ? Math.min(Date.parse(at) - Date.parse(this.last.at), LONGEST_GAP_MS) : 0;
    const { speed, from } = this.options;
    let left = speed === 0 || seq < from ? 0 : gap / speed;
    while (!this.isOver && (this.paused || left > 0)) {
      if (this.goingBack) await this.back();
      if (this.hurrying) return;
      const step = this.paused ? LOOK_EVERY_MS : Math.min(LOOK_EVERY_MS, left);
      await this.sleep(step);
      if (!this.paused) left -= step;
    }
  }

  private keep(step: ReplayStep): void {
    if (step.kind === 'heading' || this.kept.length === 0) this.kept.push([]);
    this.kept.at(-1)!.push(step);
    if (this.kept.length > KEPT_MESSAGES) this.kept.shift();
  }

  /** Shows the messages before the last one again at once, and the last one at its pace. */
  private async back(): Promise<void> {
    this.goingBack = false;
    const again = this.kept.splice(-2);
    this.screen.clear();
    for (const step of this.kept.flat()) this.screen.show(step);
    this.last = null;
    for (const step of again.flat()) {
      await this.one(step);
      if (this.isOver) return;
    }
  }
}
