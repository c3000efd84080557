import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { OnModuleDestroy } from '@nestjs/common';
import type { LoggedEvent } from '#model';
import { projectRoot } from '#platform';
import type { FoldedChanges, FoldOptions } from '../projection.js';
import type { FoldOutcome } from './fold-messages.js';
import { FoldThread, type FoldThreadOptions } from './fold-thread.js';
import type { FoldName } from './folds.js';

/** Folds that have failed before wait for each other, never the others for them. */
export type FoldLane = 'healthy' | 'suspect';
export type FoldJob = {
  fold: FoldName;
  context: unknown;
  events: LoggedEvent[];
  unreadable: FoldOptions['unreadable'];
};

export type FoldThreadsOptions = Partial<FoldThreadOptions> & {
  /** A batch of 1,000 events takes about 50 ms; one that is cut off by this is folded again event by event. */
  deadlineMs?: number;
};

const DEADLINE_MS = 1_000;
/** More time for large folds: 20 times what an event costs. */
const DEADLINE_MS_PER_EVENT = 0.2;

type Lane = { thread: FoldThread | null; queue: Promise<unknown> };

/**
 * Runs folds in threads that can be killed: whatever a fold does, the process goes on and learns which event it was.
 * Two lanes, each one fold at a time.
 */
export class FoldThreads implements OnModuleDestroy {
  private readonly lanes: Record<FoldLane, Lane> = {
    healthy: { thread: null, queue: Promise.resolve() },
    suspect: { thread: null, queue: Promise.resolve() },
  };
  private closed = false;

  constructor(private readonly options: FoldThreadsOptions = {}) {}

  /** Never rejects because of the fold. @throws Error when no thread can be started. */
  fold<Changes extends FoldedChanges>(job: FoldJob, lane: FoldLane): Promise<FoldOutcome<Changes>> {
    const chosen = this.lanes[lane];
    const outcome = chosen.queue.then(() => this.run(chosen, job));
    chosen.queue = outcome.catch(() => undefined);
    return outcome as Promise<FoldOutcome<Changes>>;
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await Promise.all(Object.values(this.lanes).map(async ({ thread }) => thread?.close()));
  }

  private run(lane: Lane, job: FoldJob): Promise<FoldOutcome<unknown>> {
    if (this.closed) throw new Error('the fold threads are closed');
    if (!lane.thread || lane.thread.dead) lane.thread = new FoldThread({ ...builtIn(), ...this.options });
    const { deadlineMs = DEADLINE_MS } = this.options;
    return lane.thread.fold(job, deadlineMs + sizeOf(job) * DEADLINE_MS_PER_EVENT);
  }
}

/** Events, and the deltas that a context brings along. */
function sizeOf({ events, context }: FoldJob): number {
  return events.length + ((context as { deltas?: unknown[] } | null)?.deltas?.length ?? 0);
}

/** Threads run compiled code: beside this file, or in dist when this file runs from its source (Jest). */
function builtIn(): FoldThreadOptions {
  const beside = new URL('./fold-worker.js', import.meta.url);
  const folder = join(projectRoot(), 'dist/libs/projections/src/folding');
  const workerFile = existsSync(beside) ? beside : pathToFileURL(join(folder, 'fold-worker.js'));
  return { workerFile, foldsUrl: new URL('./folds.js', workerFile).href };
}
