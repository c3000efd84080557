import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { OnModuleDestroy } from '@nestjs/common';
import { metrics, projectRoot } from '#platform';
import type { FoldedChanges } from '../projection.js';
import type { FoldJob, FoldOutcome } from './fold-messages.js';
import { FoldProcess } from './fold-process.js';
import { FoldThread, type FoldThreadOptions } from './fold-thread.js';
import { firstTooDeep, TOO_DEEP } from './too-deep.js';

/**
 * Folds that have failed before (`suspect`), or were begun by a process that did not live to end them, run in a process of
 * their own: its end is proof that they end processes, where the end of this one is not. They wait for each other, and those
 * of rebuilds for each other; never the others for them.
 */
export type FoldLane = 'healthy' | 'suspect' | 'rebuild';

export type FoldThreadsOptions = Partial<FoldThreadOptions> & {
  /** A batch of 1,000 events takes about 50 ms; one that is cut off by this is folded again event by event. */
  deadlineMs?: number;
};

const DEADLINE_MS = 1_000;
/** More time for large folds: 20 times what an event costs. */
const DEADLINE_MS_PER_EVENT = 0.2;

type Lane = {
  start: new (options: FoldThreadOptions) => FoldThread | FoldProcess;
  folder: FoldThread | FoldProcess | null;
  queue: Promise<unknown>;
};

/**
 * Runs folds where they can be killed: whatever a fold does in a thread, the process goes on and learns which event it was.
 * What kills this process from a thread does so once, and after that from another process. Three lanes, each one fold at a time.
 */
export class FoldThreads implements OnModuleDestroy {
  private readonly lanes: Record<FoldLane, Lane> = {
    healthy: { start: FoldThread, folder: null, queue: Promise.resolve() },
    suspect: { start: FoldProcess, folder: null, queue: Promise.resolve() },
    rebuild: { start: FoldThread, folder: null, queue: Promise.resolve() },
  };
  private closed = false;

  constructor(private readonly options: FoldThreadsOptions = {}) {}

  /** Never rejects because of the fold. @throws Error when nothing can be started that folds. */
  fold<Changes extends FoldedChanges>(job: FoldJob, lane: FoldLane): Promise<FoldOutcome<Changes>> {
    const chosen = this.lanes[lane];
    const outcome = chosen.queue.then(() => this.run(chosen, job));
    chosen.queue = outcome.catch(() => undefined);
    return outcome as Promise<FoldOutcome<Changes>>;
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await Promise.all(Object.values(this.lanes).map(async ({ folder }) => folder?.close()));
  }

  private async run(lane: Lane, job: FoldJob): Promise<FoldOutcome<unknown>> {
    if (this.closed) throw new Error('the fold threads are closed');
    const index = firstTooDeep(job.events);
    if (index >= 0) return { ok: false, index, problem: TOO_DEEP, late: false };
    if (!lane.folder || lane.folder.dead) lane.folder = new lane.start({ ...builtIn(), ...this.options });
    const { deadlineMs = DEADLINE_MS } = this.options;
    const outcome = await lane.folder.fold(job, deadlineMs + sizeOf(job) * DEADLINE_MS_PER_EVENT);
    if (lane.folder.dead) {
      metrics.foldsKilled.inc({ reason: !outcome.ok && outcome.late ? 'late' : 'died' });
    }
    return outcome;
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
