import type { FoldName } from '../folding/folds.js';
import { BoundedCache } from './bounded-cache.js';

const CAPACITY = 1_000;

/** Events that a fold of this process failed on: they are shown as markers at once, instead of being tried by each read. */
export class PoisonMemory {
  private readonly known = new BoundedCache<string>(CAPACITY);

  problemOf(fold: FoldName, streamId: string, seq: number): string | undefined {
    return this.known.get(`${fold}:${streamId}:${seq}`);
  }

  remember(fold: FoldName, streamId: string, seq: number, problem: string): void {
    this.known.set(`${fold}:${streamId}:${seq}`, problem);
  }
}
