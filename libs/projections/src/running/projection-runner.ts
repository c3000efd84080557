import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { EventLog, type LineageEntry, type StreamInfo } from '#event-log';
import { Database, inContext, inSpan } from '#platform';
import { GenerationCatalog, type FedGeneration } from '../checkpoints/generation-catalog.js';
import { FoldThreads } from '../folding/fold-threads.js';
import {
  readCheckpoint,
  readCheckpoints,
  type Checkpoint,
  type CheckpointKey,
} from '../checkpoints/checkpoint.js';
import { begunAmong } from '../checkpoints/fold-attempts.js';
import { BoundedCache } from '../reading/bounded-cache.js';
import { FoldBases } from '../reading/fold-bases.js';
import { BatchReads } from './batch-reads.js';
import { stepTogether } from './joint-step.js';
import { ProjectionSession } from './projection-session.js';
import { countEvents, countStep } from './projector-metrics.js';
import { together } from '../tables/together.js';
import { Slots } from './slots.js';
import { StreamProjector, type ProjectorJob, type Step } from './stream-projector.js';
import { UnjustAttempts } from './unjust-attempts.js';

/** How long a projection may take, and whether it waits. Times in milliseconds. */
export type ProjectOptions = {
  /** Begin no batch after this time (default: no limit). A batch that has begun is finished. */
  budgetMs?: number;
  /** Wait for another projector of the stream, within the budget (default: leave it to that one). */
  wait?: boolean;
};

/** The worst of the generations: `busy` where another projector is at it, `behind` where the budget ended. */
export type ProjectOutcome = 'current' | 'parked' | 'failed' | 'busy' | 'behind';

/** What the generations of one job share. */
type Work = { job: ProjectorJob; limits: { until: number; wait: boolean } };

/** Takes the stream off the work list, where it is projected as far as it was written. */
const settlePending = (session: ProjectionSession, streamId: string) =>
  session.query('select settle_pending($1)', [streamId]);

const outcomeOf = (step: Exclude<Step, 'moved'>): ProjectOutcome => (step === 'reached' ? 'current' : step);
const severity: ProjectOutcome[] = ['current', 'parked', 'failed', 'busy', 'behind'];
const LOCK_RETRY_MS = 10;
/**
 * At once, those in place included: each holds a pipelined connection. A projector waits nine times for a turn of the event loop, so
 * that on a busy one four came to 20 streams a second, and eight to 40 (measured).
 */
const SLOTS = 8;

/** Brings read models up to the log. Any number of processes may project the same stream: one does, the others leave it. */
@Injectable()
export class ProjectionRunner {
  private readonly logger = new Logger('ProjectionRunner');
  private readonly slots = new Slots(SLOTS);
  private readonly unjust = new UnjustAttempts();
  private readonly reached = new BoundedCache<number>(10_000);

  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly threads: FoldThreads,
    private readonly catalog: GenerationCatalog,
    private readonly bases: FoldBases,
  ) {}

  /**
   * Projects everything that the stream's log held when the last batch began, in every generation that this process
   * feeds, each by itself: one that fails or is parked holds up no other. Repeating it is harmless.
   * @throws the database's error when it is away; what was committed stays.
   */
  async project(
    streamId: string,
    { budgetMs = Number.POSITIVE_INFINITY, wait = false }: ProjectOptions = {},
  ): Promise<ProjectOutcome> {
    const until = performance.now() + budgetMs;
    const info = await this.log.info(streamId);
    if (!info) return 'current';
    const fields = info.kind === 'conversation' ? { conversationId: streamId } : {};
    const work = () => this.projectWithin(info, { until, wait });
    return inContext(fields, () => inSpan('project', { 'chatlog.stream_id': streamId }, work));
  }

  private async projectWithin(
    info: StreamInfo,
    limits: { until: number; wait: boolean },
  ): Promise<ProjectOutcome> {
    const fed = await this.catalog.fed();
    const giveBack = await this.slots.take();
    try {
      const session = await ProjectionSession.open(this.database);
      try {
        return await this.projectAll(session, info, fed, limits);
      } finally {
        session.release();
      }
    } finally {
      giveBack();
    }
  }

  /** As much is being projected here as may be at once: what can be left out should be. */
  get busy(): boolean {
    return this.slots.full;
  }

  /** Which of the streams are being folded somewhere, or were when a process died or a fold failed, and how often. */
  begunAmong(streamIds: readonly string[]): Promise<Map<string, number>> {
    return begunAmong(this.database, streamIds);
  }

  /** The seq that this process has lately projected the stream up to in all its generations; 0 when it does not know. */
  projectedHere(streamId: string): number {
    return this.reached.get(streamId) ?? 0;
  }

  /**
   * Projects a stream that was just written to, for at most `budgetMs`; what is left then goes on in the background and is
   * the workers'. Never throws: the write it follows is committed. True when everything was projected. 0 is off.
   */
  async projectInPlace(streamId: string, budgetMs: number): Promise<boolean> {
    if (budgetMs <= 0) return false;
    const projected = this.project(streamId, { budgetMs, wait: true }).then(
      (outcome) => outcome === 'current',
      (error: Error) => {
        this.logger.warn(`${streamId}: not projected in place: ${error.message}`);
        return false;
      },
    );
    const ended = new AbortController();
    const late = pause(budgetMs, false, { signal: ended.signal }).catch(() => false);
    try {
      return await Promise.race([projected, late]);
    } finally {
      ended.abort();
    }
  }

  private async projectAll(
    session: ProjectionSession,
    info: StreamInfo,
    fed: FedGeneration[],
    limits: { until: number; wait: boolean },
  ): Promise<ProjectOutcome> {
    const { threads, unjust, bases } = this;
    const batches = new BatchReads(this.log, session);
    const work = { job: { session, batches, threads, unjust, bases }, limits };
    const generations: FedGeneration[] = [];
    for (const generation of fed) {
      if (generation.projection.kind !== info.kind) continue;
      if (!(await this.isStillToBeCopied(session, info, generation))) generations.push(generation);
    }
    let worst: ProjectOutcome = 'current';
    let reached = Number.POSITIVE_INFINITY;
    const first = await this.projectTogether(work, info, generations);
    for (const { fed: generation, outcome, seq } of first) {
      const last =
        outcome === null
          ? ((await this.heldUp(work, info, generation)) ?? (await this.projectOne(work, info, generation)))
          : { outcome, seq };
      if (severity.indexOf(last.outcome) > severity.indexOf(worst)) worst = last.outcome;
      reached = Math.min(reached, last.seq);
    }
    this.reached.set(info.streamId, reached);
    if (first.length === 0 || first.some(({ outcome }) => outcome === null))
      await settlePending(session, info.streamId);
    return worst;
  }

  /** The first step of all that no other projector holds; then the work list is settled. Null: that one is to go on by itself. */
  private async projectTogether(
    { job, limits }: Work,
    info: StreamInfo,
    generations: FedGeneration[],
  ): Promise<{ fed: FedGeneration; outcome: ProjectOutcome | null; seq: number }[]> {
    const all = generations.map((fed) => new StreamProjector(job, fed, info));
    if (all.length === 0 || performance.now() >= limits.until)
      return generations.map((fed) => ({ fed, outcome: null, seq: 0 }));
    const { session } = job;
    const keys = all.map(({ key }) => key);
    // in this order: a checkpoint that is read before its lock is held may move
    const [locked, checkpoints] = await together<[boolean[], Checkpoint[]]>([
      session.lockAll(keys),
      readCheckpoints(session, info.streamId, keys),
    ]);
    const ours = all.filter((_, n) => locked[n]);
    const seen = checkpoints.filter((_, n) => locked[n]);
    const steps = await stepTogether(job, ours, seen, info.lineage.length > 0);
    await together([session.unlockAll(ours.map(({ key }) => key)), settlePending(session, info.streamId)]);
    return all.map((projector) => {
      const step = steps[ours.indexOf(projector)] ?? 'moved';
      if (step !== 'moved' || projector.seq > projector.begunAt) countStep(projector.key.projection, step);
      countEvents(projector.key.projection, projector);
      const outcome = step === 'moved' ? null : outcomeOf(step);
      return { fed: projector.fed, outcome, seq: projector.seq };
    });
  }

  /** What a generation that is being copied does not hold yet is a bucket job's: fed here, it would be copied twice. */
  private async isStillToBeCopied(
    session: ProjectionSession,
    { streamId }: StreamInfo,
    { projection, generation, copied }: FedGeneration,
  ): Promise<boolean> {
    if (copied) return false;
    return !(await readCheckpoint(session, { projection: projection.name, generation, streamId })).begun;
  }

  private async projectOne(
    { job, limits: { until, wait } }: Work,
    info: StreamInfo,
    fed: FedGeneration,
  ): Promise<{ outcome: ProjectOutcome; seq: number }> {
    const projector = new StreamProjector(job, fed, info);
    const { key } = projector;
    while (!(await job.session.lock(key))) {
      if (!wait || performance.now() >= until) return { outcome: 'busy', seq: 0 };
      await pause(LOCK_RETRY_MS);
    }
    let step: Step = 'moved';
    while (step === 'moved') {
      if (performance.now() >= until) break;
      step = await projector.step();
      countStep(key.projection, step);
    }
    countEvents(key.projection, projector);
    await job.session.unlock(key);
    return { outcome: step === 'moved' ? 'behind' : outcomeOf(step), seq: projector.seq };
  }

  /**
   * A fork's first rows go on from its ancestors': those come up to their seams first. What holds them up holds the fork up,
   * too; where one is parked before its seam the fork waits, unparked, and goes on once that one does.
   */
  private async heldUp(
    work: Work,
    { streamId, lineage }: StreamInfo,
    fed: FedGeneration,
  ): Promise<{ outcome: ProjectOutcome; seq: number } | null> {
    const { session } = work.job;
    const place = { projection: fed.projection.name, generation: fed.generation };
    if (lineage.length === 0 || (await readCheckpoint(session, { ...place, streamId })).begun) return null;
    for (const ancestor of await this.behindTheirSeams(session, lineage, place)) {
      const info = await this.log.info(ancestor.streamId, session);
      if (!info) throw new Error(`stream ${ancestor.streamId} of the lineage of ${streamId} is not there`);
      const { outcome, seq: reached } = await this.projectOne(work, info, fed);
      if (reached < ancestor.upTo) return { outcome: outcome === 'parked' ? 'failed' : outcome, seq: 0 };
    }
    return null;
  }

  /** Oldest first. A stream that was begun has all its ancestors behind it: the search ends there. */
  private async behindTheirSeams(
    session: ProjectionSession,
    lineage: StreamInfo['lineage'],
    place: Pick<CheckpointKey, 'projection' | 'generation'>,
  ): Promise<LineageEntry[]> {
    const behind: LineageEntry[] = [];
    for (const ancestor of lineage.toReversed()) {
      const { begun, seq } = await readCheckpoint(session, { ...place, streamId: ancestor.streamId });
      if (begun && seq >= ancestor.upTo) break;
      behind.unshift(ancestor);
      if (begun) break;
    }
    return behind;
  }
}
