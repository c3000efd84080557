import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { OnModuleDestroy } from '@nestjs/common';
import { metrics, projectRoot } from '#platform';
import type { FoldedChanges } from '../projection.js';
import type { FoldJob, FoldOutcome } from './fold-messages.js';
import { FoldProcess } from './fold-process.js';
import { FoldThread, type FoldThreadOptions } from './fold-thread.js';
import { sizeOfEvents, TOO_DEEP } from './fold-size.js';

/**
 * Folds that have failed before (`suspect`), or were begun by a process that did not live to end them, run in a process of
 * their own: its end is proof that they end processes, where the end of this one is not. They wait for each other, and those
 * of rebuilds for each other; never the others for them. What is large goes with the suspects: it takes long.
 */
export type FoldLane = 'healthy' | 'suspect' | 'rebuild';

export type FoldThreadsOptions = Partial<FoldThreadOptions> & {
  /** Of every lane, and before what is added for size. */
  deadlineMs?: number;
};

/** A batch of 1,000 events takes about 50 ms. In the lane for which all others wait, one is cut off sooner: it is tried again. */
const DEADLINE_MS: Record<FoldLane, number> = { healthy: 500, suspect: 1_000, rebuild: 1_000 };
/** More time for large folds: 20 times what an event costs, and 10 times what text costs. */
const DEADLINE_MS_PER_EVENT = 0.2;
const DEADLINE_MS_PER_MILLION_CHARACTERS = 500;
/** The others do not wait for folds of more text than this. */
const LARGE = 2_000_000;

type Lane = {
  start: new (options: FoldThreadOptions) => FoldThread | FoldProcess;
  folder: FoldThread | FoldProcess | null;
  queue: Promise<unknown>;
};

/**
 * Runs folds where they can be killed: whatever a fold does in a thread, the process goes on and learns which event it was.
 * What kills this process from a thread does so once, and after that from another process. Three lanes, each one message at a time.
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
  async fold<Changes extends FoldedChanges>(job: FoldJob, wanted: FoldLane): Promise<FoldOutcome<Changes>> {
    const { tooDeep, characters } = sizeOfEvents(job.events);
    if (tooDeep >= 0) return { ok: false, index: tooDeep, problem: TOO_DEEP, late: false };
    const lane = wanted === 'healthy' && characters > LARGE ? 'suspect' : wanted;
    const [outcome] = await this.enqueue(lane, [job], eventsOf(job), characters);
    return outcome as FoldOutcome<Changes>;
  }

  /**
   * Folds of the same events by several projections, in one message to the healthy lane: each message waits for a turn of both loops.
   * What is not to wait there goes its own way, and so does what another one's end left without an outcome.
   */
  async foldTogether<Changes extends FoldedChanges>(
    events: FoldJob['events'],
    jobs: readonly Omit<FoldJob, 'events'>[],
  ): Promise<FoldOutcome<Changes>[]> {
    const { tooDeep, characters } = sizeOfEvents(events);
    const all = jobs.map((job) => ({ ...job, events }));
    const alone = (job: FoldJob) => this.fold<Changes>(job, 'healthy');
    if (tooDeep >= 0 || characters > LARGE || jobs.length < 2) return Promise.all(all.map(alone));
    const count = all.reduce((sum, job) => sum + eventsOf(job), 0);
    const outcomes = await this.enqueue('healthy', all, count, characters * jobs.length);
    return Promise.all(
      all.map(async (job, n) => (outcomes[n] as FoldOutcome<Changes> | null) ?? (await alone(job))),
    );
  }

  private enqueue(
    lane: FoldLane,
    jobs: readonly FoldJob[],
    events: number,
    characters: number,
  ): Promise<(FoldOutcome<unknown> | null)[]> {
    const deadlineMs =
      (this.options.deadlineMs ?? DEADLINE_MS[lane]) +
      events * DEADLINE_MS_PER_EVENT +
      Math.ceil((characters / 1_000_000) * DEADLINE_MS_PER_MILLION_CHARACTERS);
    const chosen = this.lanes[lane];
    const outcomes = chosen.queue.then(() => this.run(chosen, jobs, deadlineMs));
    chosen.queue = outcomes.catch(() => undefined);
    return outcomes;
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await Promise.all(Object.values(this.lanes).map(async ({ folder }) => folder?.close()));
  }

  private async run(
    lane: Lane,
    jobs: readonly FoldJob[],
    deadlineMs: number,
  ): Promise<(FoldOutcome<unknown> | null)[]> {
    if (this.closed) throw new Error('the fold threads are closed');
    if (!lane.folder || lane.folder.dead) lane.folder = new lane.start({ ...builtIn(), ...this.options });
    const outcomes = await lane.folder.fold(jobs, deadlineMs);
    if (lane.folder.dead) {
      const late = outcomes.some((outcome) => outcome?.ok === false && outcome.late);
      metrics.foldsKilled.inc({ reason: late ? 'late' : 'died' });
    }
    return outcomes;
  }
}

/** Events, and the deltas that a context brings along. */
function eventsOf({ events, context }: FoldJob): number {
  return events.length + ((context as { deltas?: unknown[] } | null)?.deltas?.length ?? 0);
}

/** Threads run compiled code: beside this file, or in dist when this file runs from its source (Jest). */
function builtIn(): FoldThreadOptions {
  const beside = new URL('./fold-worker.js', import.meta.url);
  const folder = join(projectRoot(), 'dist/libs/projections/src/folding');
  const workerFile = existsSync(beside) ? beside : pathToFileURL(join(folder, 'fold-worker.js'));
  return { workerFile, foldsUrl: new URL('./folds.js', workerFile).href };
}
