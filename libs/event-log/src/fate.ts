import type { AppendOutcome } from './types.js';

/** A promise with its ends: what becomes of a unit. */
export class Fate {
  resolve!: (outcome: AppendOutcome) => void;
  reject!: (error: Error) => void;
  readonly outcome = new Promise<AppendOutcome>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}
