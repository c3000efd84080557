import { setTimeout as pause } from 'node:timers/promises';

/** How long a unit may stay without a known fate, in milliseconds; then its owner gets LogUnavailable. */
export const UNIT_PATIENCE_MS = 10_000;
const LOCK_TRIES = 5;
const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 1_000;

/** The bounded, jittered retries of one flush. */
export class RetryBudget {
  private lockTries = 0;
  private unknowns = 0;

  /** Waits before another try after a deadlock, serialisation or lock failure; false when there were five. */
  async afterLock(): Promise<boolean> {
    if (this.lockTries >= LOCK_TRIES) return false;
    await jittered(this.lockTries++);
    return true;
  }

  /** Waits before asking again what became of the units. */
  afterUnknown(): Promise<void> {
    return jittered(this.unknowns++);
  }
}

async function jittered(round: number): Promise<void> {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** round, LONGEST_PAUSE_MS);
  await pause(longest * (0.5 + Math.random() / 2));
}
