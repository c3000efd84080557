import type { Queryable } from '#platform';
import type { CheckpointKey } from '../checkpoints/checkpoint.js';
import { forgetAttempt } from '../checkpoints/fold-attempts.js';

/**
 * Attempts that ended because the database went away, and could not be taken back for the same reason: they must not count
 * against the events. This process remembers them until it can.
 */
export class UnjustAttempts {
  private readonly owed = new Map<string, number>();

  remember(key: CheckpointKey): void {
    const name = nameOf(key);
    this.owed.set(name, (this.owed.get(name) ?? 0) + 1);
  }

  owes(key: CheckpointKey): boolean {
    return this.owed.has(nameOf(key));
  }

  async takeBack(q: Queryable, key: CheckpointKey): Promise<void> {
    const name = nameOf(key);
    for (let owed = this.owed.get(name) ?? 0; owed > 0; owed -= 1) {
      await forgetAttempt(q, key);
      if (owed === 1) this.owed.delete(name);
      else this.owed.set(name, owed - 1);
    }
  }
}

function nameOf({ projection, generation, streamId }: CheckpointKey): string {
  return `${projection}:${generation}:${streamId}`;
}
