import type { LoggedEvent } from '#model';
import type { FoldedChanges, FoldOptions } from '../projection.js';
import type { FoldName } from './folds.js';

/** What a thread is asked. */
export type FoldRequest = {
  id: number;
  fold: FoldName;
  context: unknown;
  events: LoggedEvent[];
  unreadable: FoldOptions['unreadable'];
};

export type FoldAnswer = { id: number; changes: FoldedChanges } | { id: number; problem: string };

export type FoldWorkerData = {
  /** One int32: the index of the event that is being folded. */
  progress: SharedArrayBuffer;
  /** The module that exports `folds`. */
  foldsUrl: string;
};

/**
 * `index` is the event that the fold failed on: threw, hung, or killed its thread. `late`: it was not done in time, which may be
 * the machine's fault.
 */
export type FoldOutcome<Changes> =
  { ok: true; changes: Changes } | { ok: false; index: number; problem: string; late: boolean };
