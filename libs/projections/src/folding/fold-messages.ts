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

/** What a thread is asked: folds that it goes through one after the other. */
export type FoldRequest = { id: number; jobs: readonly FoldJob[] };

/** `index` is the event that it failed on. */
export type FoldResult = { changes: FoldedChanges } | { problem: string; index: number };
/** A result each, in their order. */
export type FoldAnswer = { id: number; results: FoldResult[] };

export type FoldWorkerData = {
  /** Two int32: the index of the event that is being folded, and of the job whose event it is. */
  progress: SharedArrayBuffer;
  /** The module that exports `folds`. */
  foldsUrl: string;
  /** Takes each index of an event too, as an int32. */
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
