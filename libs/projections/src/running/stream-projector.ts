import { Logger } from '@nestjs/common';
import { seamOf, type StreamInfo } from '#event-log';
import type { LoggedEvent } from '#model';
import { noteInContext } from '#platform';
import {
  moveCheckpoints,
  readCheckpoint,
  type Checkpoint,
  type CheckpointKey,
  type CheckpointMove,
} from '../checkpoints/checkpoint.js';
import { beCautious, beginAttempts, forgetAttempt } from '../checkpoints/fold-attempts.js';
import type { FedGeneration } from '../checkpoints/generation-catalog.js';
import { park } from '../checkpoints/parking.js';
import { DIED } from '../folding/died.js';
import type { FoldJob, FoldOutcome } from '../folding/fold-messages.js';
import type { FoldThreads } from '../folding/fold-threads.js';
import type { FoldedChanges, ProjectionTarget } from '../projection.js';
import type { FoldBases } from '../reading/fold-bases.js';
import { layersOf } from '../reading/layers.js';
import { together } from '../tables/together.js';
import type { BatchReads } from './batch-reads.js';
import { isTransient } from './failure-kind.js';
import type { ProjectionSession } from './projection-session.js';
import type { UnjustAttempts } from './unjust-attempts.js';

/**
 * `moved`: go on. `reached`: moved, and at the head that the stream had when the step began. `current`: there was nothing to do.
 * `failed`: a bad event, or one too slow; try again later. `parked`: it is given up.
 */
export type Step = 'moved' | 'reached' | 'current' | 'failed' | 'parked';

export const BATCH = 1_000;
/** An event that failed so often is given up. */
const MAX_ATTEMPTS = 3;
/**
 * And so is one whose attempts nobody lived to end: from the second on they are made in a process of their own, so that it is
 * not the fold itself that ends this one, but someone who kills processes, or memory that ran out for all of them.
 */
const MAX_UNENDED_ATTEMPTS = 10;

/** `suspect`: folded in a process of its own. */
export type Batch = { checkpoint: Checkpoint; events: LoggedEvent[]; upTo: number; suspect: boolean };

/** A batch and what its fold changes; null: events that no row needs. */
export type FoldedBatch = { projector: StreamProjector; batch: Batch; changes: FoldedChanges | null };

/** What all projectors of one job share. */
export type ProjectorJob = {
  session: ProjectionSession;
  batches: BatchReads;
  threads: FoldThreads;
  unjust: UnjustAttempts;
  bases: FoldBases;
};

/**
 * Brings one projection of one stream forward, batch by batch, under the session's lock. Rows and checkpoint move in one
 * transaction. An attempt is counted before it is made; an event that fails three times, alone, parks the stream here.
 */
export class StreamProjector {
  private readonly logger = new Logger('StreamProjector');
  readonly key: CheckpointKey;
  private readonly target: ProjectionTarget;
  /** Events that the next batch has at most; `nextLimit`: those of the batch after it, where that is known already. */
  private limit = BATCH;
  private nextLimit: number | null = null;
  /** The checkpoint, as it was last seen, and as it was first. */
  seq = 0;
  begunAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly job: ProjectorJob,
    readonly fed: FedGeneration,
    private readonly stream: StreamInfo,
  ) {
    const { streamId, tenantId, ownerId } = stream;
    this.key = { projection: fed.projection.name, generation: fed.generation, streamId };
    this.target = { generation: fed.generation, streamId, tenantId, ownerId };
  }

  async step(): Promise<Step> {
    const { session, unjust } = this.job;
    await unjust.takeBack(session, this.key);
    const batch = await this.take(await this.checkpoint());
    if (batch === 'parked' || batch === 'current') return batch;
    let context: unknown;
    try {
      context = await this.load(batch);
    } catch (error) {
      if (isTransient(error)) throw error;
      return this.writeFailed(batch, await this.attempt(batch), error);
    }
    if (context === null) return this.commit(batch, null);
    const attempts = await this.attempt(batch);
    if (attempts > MAX_UNENDED_ATTEMPTS && batch.events.length === 1) {
      return this.park(batch, attempts - 1, DIED);
    }
    try {
      const changes = await this.fold(batch, context, attempts);
      if (typeof changes === 'string') return changes;
      return await this.commit(batch, changes).catch((error: unknown) => {
        if (isTransient(error)) throw error;
        return this.writeFailed(batch, attempts, error);
      });
    } catch (error) {
      // a bad event is an outcome, no error: this was the database, or the thread did not start
      unjust.remember(this.key);
      throw error;
    }
  }

  /** What comes after the checkpoint, only up to the head that was seen with it: what is appended meanwhile is the next step's. */
  async take(checkpoint: Checkpoint): Promise<Batch | 'current' | 'parked'> {
    const { head, needed, seq, attempts, cautiousTo } = checkpoint;
    this.seq = seq;
    this.begunAt = Math.min(this.begunAt, seq);
    noteInContext({ seq });
    if (checkpoint.parkedAt !== null) return 'parked';
    // most jobs of a stream that is being written are for the one whose rows follow the deltas
    if (head <= seq || (seq > 0 && needed <= seq && !this.fed.projection.followsDeltas)) return 'current';
    // what was cut off once was seldom to blame: it goes as a whole, where it can harm nobody; alone goes what failed alone
    const careful = attempts > 1 || seq < cautiousTo;
    const limit = careful && attempts > 0 ? 1 : this.limit;
    const range = { after: seq, upTo: head, limit };
    const events = needed <= seq ? [] : await this.job.batches.read(this.target.streamId, range);
    const upTo = events.length < limit ? head : (events.at(-1)?.seq ?? head);
    return { checkpoint, events, upTo, suspect: careful || attempts > 0 };
  }

  load({ checkpoint, events, upTo }: Batch): Promise<unknown> {
    const { state, seq: after, attempts } = checkpoint;
    const layers = layersOf(this.stream, after);
    const request = { ...this.target, state, after, upTo, events, layers, grow: attempts === 0 };
    return this.fed.projection.load(this.job.session, request);
  }

  private async fold(batch: Batch, context: unknown, attempts: number): Promise<FoldedChanges | Step> {
    const job = { ...this.foldJob(context), events: batch.events };
    const lane = batch.suspect ? 'suspect' : 'healthy';
    return this.folded(batch, attempts, await this.job.threads.fold<FoldedChanges>(job, lane));
  }

  foldJob(context: unknown): Omit<FoldJob, 'events'> {
    return { fold: this.fed.projection.foldName, context, unreadable: 'park' };
  }

  /** The changes, or the step that a fold which failed is. */
  async folded(
    batch: Batch,
    attempts: number,
    outcome: FoldOutcome<FoldedChanges>,
  ): Promise<FoldedChanges | Step> {
    return outcome.ok ? outcome.changes : this.foldFailed(batch, attempts, outcome);
  }

  moveTo({ checkpoint, upTo }: Batch, state: unknown): CheckpointMove {
    const { name: projection, version } = this.fed.projection;
    return { projection, generation: this.fed.generation, version, from: checkpoint.seq, to: upTo, state };
  }

  write(changes: FoldedChanges): Promise<void> {
    return this.fed.projection.write(this.job.session, this.target, changes);
  }

  /**
   * After the commit. A stream that is being written is never at its end: whoever waited for that would hold a slot for a whole
   * turn.
   */
  moved({ checkpoint, upTo }: Batch): Step {
    this.limit = this.nextLimit ?? Math.min(BATCH, this.limit * 2);
    this.nextLimit = null;
    this.seq = upTo;
    return upTo >= checkpoint.head ? 'reached' : 'moved';
  }

  private async attempt({ checkpoint }: Batch): Promise<number> {
    try {
      const { session } = this.job;
      const [attempts] = await beginAttempts(session, this.key.streamId, [this.key], checkpoint.head);
      return attempts!;
    } catch (error) {
      // it may have been counted
      this.job.unjust.remember(this.key);
      throw error;
    }
  }

  /** A fork goes on from what its ancestors' rows and events tell of the seam. */
  private async checkpoint(): Promise<Checkpoint> {
    const { session, bases } = this.job;
    const checkpoint = await readCheckpoint(session, this.key);
    if (checkpoint.begun || this.stream.lineage.length === 0) return checkpoint;
    const state = await bases.seamState(session, this.stream.streamId, this.fed);
    return { ...checkpoint, seq: seamOf(this.stream), state };
  }

  /** Somebody else moved the checkpoint, or the generation is gone or another version's: this code must not write it. */
  private lost(): Step {
    this.logger.warn(`${this.name()}: not at its checkpoint or of another version now: left alone`);
    return 'failed';
  }

  private async commit(batch: Batch, changes: FoldedChanges | null): Promise<Step> {
    const committed = await commitBatches(this.job, [{ projector: this, batch, changes }]);
    return committed ? this.moved(batch) : this.lost();
  }

  private async foldFailed(
    batch: Batch,
    attempts: number,
    { index, problem }: { index: number; problem: string },
  ): Promise<Step> {
    const failed = batch.events[index];
    this.logger.warn(`${this.name()}: folding seq ${failed?.seq ?? batch.upTo} failed: ${problem}`);
    if (!failed || batch.events.length === 1) return this.failedAlone(batch, attempts, problem);
    // what stands before it is good: it goes first, then the bad one alone
    this.limit = Math.max(index, 1);
    this.nextLimit = index > 0 ? 1 : null;
    return this.goOnCarefully(failed.seq);
  }

  private async writeFailed(batch: Batch, attempts: number, error: unknown): Promise<Step> {
    const problem = error instanceof Error ? error.message : String(error);
    this.logger.warn(`${this.name()}: writing up to seq ${batch.upTo} failed: ${problem}`);
    const last = batch.events.at(-1);
    if (!last || batch.events.length === 1) return this.failedAlone(batch, attempts, problem);
    // which of them it is nobody says: half of them may be good
    this.limit = Math.floor(batch.events.length / 2);
    return this.goOnCarefully(last.seq);
  }

  private async failedAlone(batch: Batch, attempts: number, problem: string): Promise<Step> {
    return attempts >= MAX_ATTEMPTS && batch.events.length === 1
      ? this.park(batch, attempts, problem)
      : 'failed';
  }

  /** Up to there in a process of their own; nothing is held against any of them yet. */
  private async goOnCarefully(seq: number): Promise<Step> {
    await beCautious(this.job.session, this.key, seq);
    await forgetAttempt(this.job.session, this.key);
    return 'moved';
  }

  private async park({ events, upTo }: Batch, attempts: number, error: string): Promise<Step> {
    const seq = events[0]?.seq ?? upTo;
    const eventType = events[0]?.type ?? '';
    const poison = { tenantId: this.target.tenantId, seq, eventType, error, attempts };
    await park(this.job.session, this.key, this.fed.projection, poison);
    this.logger.error(`${this.name()}: parked before seq ${seq} after ${attempts} attempts: ${error}`);
    return 'parked';
  }

  private name(): string {
    return `${this.key.projection} ${this.key.generation} of ${this.target.streamId}`;
  }
}

/**
 * Rows and checkpoints of batches of one stream, in one transaction. False: a checkpoint is elsewhere by now, and nothing was
 * written; of batches without rows those may be that are where they were.
 */
export async function commitBatches(
  { session }: ProjectorJob,
  batches: readonly FoldedBatch[],
): Promise<boolean> {
  const moves = batches.map(({ projector, batch, changes }) =>
    projector.moveTo(batch, changes === null ? batch.checkpoint.state : changes.state),
  );
  const move = () => moveCheckpoints(session, batches[0]!.projector.key.streamId, moves);
  if (batches.every(({ changes }) => changes === null)) return move();
  return session.transaction(async () => {
    // the writes do not wait to hear whether the checkpoints moved: where they did not, nothing of it is kept
    const moving = move();
    const writes = batches.flatMap(({ projector, changes }) => (changes ? [projector.write(changes)] : []));
    const [moved, written] = await Promise.allSettled([moving, together(writes)]);
    if (moved.status === 'rejected') throw moved.reason;
    if (moved.value && written.status === 'rejected') throw written.reason;
    return moved.value;
  });
}
