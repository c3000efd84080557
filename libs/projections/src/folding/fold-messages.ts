import type { LoggedEvent } from '#model';
import type { FoldedChanges, FoldOptions } from '../projection.js';
import type { FoldName } from './folds.js';

/** What is to be folded. */
export type FoldJob = {
  fold: FoldName;
  context: unknown;
  events: LoggedEvent[];
  unreadable: FoldOptions['unreadable'];
};

/** What a thread is asked. */
export type FoldRequest = FoldJob & { id: number };

export type FoldAnswer = { id: number; changes: FoldedChanges } | { id: number; problem: string };

export type FoldWorkerData = {
  /** One int32: the index of the event that is being folded. */
  progress: SharedArrayBuffer;
  /** The module that exports `folds`. */
  foldsUrl: string;
  /** Takes each of those too, as an int32. */
  progressFd?: number;
};

/** What a fold process is told when it starts, as JSON, and is asked then. */
export type FoldProcessData = { workerFile: string; foldsUrl: string; heapMb?: number; progressFd: number };
export type FoldProcessRequest = { job: FoldJob; deadlineMs: number };
export type FoldProcessAnswer = { outcome: FoldOutcome<unknown> } | { notStarted: string };

/**
 * `index` is the event that the fold failed on: threw, hung, or killed its thread. `late`: it was not done in time, which may be
 * the machine's fault.
 */
export type FoldOutcome<Changes> =
  { ok: true; changes: Changes } | { ok: false; index: number; problem: string; late: boolean };
