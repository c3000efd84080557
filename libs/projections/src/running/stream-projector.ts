import { Logger } from '@nestjs/common';
import { seamOf, type StreamInfo } from '#event-log';
import type { LoggedEvent } from '#model';
import { noteInContext } from '#platform';
import {
  moveCheckpoint,
  readCheckpoint,
  type Checkpoint,
  type CheckpointKey,
} from '../checkpoints/checkpoint.js';
import { beCautious, beginAttempt, forgetAttempt } from '../checkpoints/fold-attempts.js';
import type { FedGeneration } from '../checkpoints/generation-catalog.js';
import { park } from '../checkpoints/parking.js';
import { DIED } from '../folding/died.js';
import type { FoldThreads } from '../folding/fold-threads.js';
import type { FoldedChanges, ProjectionTarget } from '../projection.js';
import type { FoldBases } from '../reading/fold-bases.js';
import { layersOf } from '../reading/layers.js';
import type { BatchReads } from './batch-reads.js';
import { isTransient } from './failure-kind.js';
import type { ProjectionSession } from './projection-session.js';
import type { UnjustAttempts } from './unjust-attempts.js';

/**
 * `moved`: go on. `current`: at the end, or nothing but deltas came since. `failed`: a bad event, or one too slow; try again
 * later. `parked`: it is given up.
 */
export type Step = 'moved' | 'current' | 'failed' | 'parked';

export const BATCH = 1_000;
/** An event that failed so often is given up. */
const MAX_ATTEMPTS = 3;
/**
 * And so is one whose attempts nobody lived to end: from the second on they are made in a process of their own, so that it is
 * not the fold itself that ends this one, but someone who kills processes, or memory that ran out for all of them.
 */
const MAX_UNENDED_ATTEMPTS = 10;

type Batch = { checkpoint: Checkpoint; events: LoggedEvent[]; upTo: number; careful: boolean };

/**
 * Brings one projection of one stream forward, batch by batch, under the session's lock. Rows and checkpoint move in one
 * transaction. An attempt is counted before it is made; an event that fails three times, alone, parks the stream here.
 */
export class StreamProjector {
  private readonly logger = new Logger('StreamProjector');
  private readonly key: CheckpointKey;
  private limit = BATCH;
  /** The checkpoint, as it was last seen, and as it was first. */
  seq = 0;
  begunAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly session: ProjectionSession,
    private readonly batches: BatchReads,
    private readonly threads: FoldThreads,
    private readonly unjust: UnjustAttempts,
    private readonly fed: FedGeneration,
    private readonly target: ProjectionTarget,
    private readonly bases: FoldBases,
    private readonly stream: StreamInfo,
  ) {
    this.key = { projection: fed.projection.name, generation: fed.generation, streamId: target.streamId };
  }

  async step(): Promise<Step> {
    await this.unjust.takeBack(this.session, this.key);
    const batch = await this.read();
    if (batch === 'parked' || batch === 'current') return batch;
    let context: unknown;
    try {
      context = await this.load(batch);
    } catch (error) {
      if (isTransient(error)) throw error;
      return this.writeFailed(batch, await this.attempt(batch), error);
    }
    if (context === null) return this.skip(batch);
    const attempts = await this.attempt(batch);
    if (attempts > MAX_UNENDED_ATTEMPTS && batch.events.length === 1) {
      return this.park(batch, attempts - 1, DIED);
    }
    try {
      return await this.fold(batch, context, attempts);
    } catch (error) {
      // a bad event is an outcome, no error: this was the database, or the thread did not start
      this.unjust.remember(this.key);
      throw error;
    }
  }

  private async attempt({ checkpoint }: Batch): Promise<number> {
    try {
      return await beginAttempt(this.session, this.key, checkpoint.head);
    } catch (error) {
      // it may have been counted
      this.unjust.remember(this.key);
      throw error;
    }
  }

  private async fold(batch: Batch, context: unknown, attempts: number): Promise<Step> {
    const job = {
      fold: this.fed.projection.foldName,
      context,
      events: batch.events,
      unreadable: 'park',
    } as const;
    const outcome = await this.threads.fold<FoldedChanges>(job, batch.careful ? 'suspect' : 'healthy');
    if (!outcome.ok) return this.foldFailed(batch, attempts, outcome);
    try {
      if (!(await this.commit(batch, outcome.changes))) return this.lost();
    } catch (error) {
      if (isTransient(error)) throw error;
      return this.writeFailed(batch, attempts, error);
    }
    this.limit = BATCH;
    return this.moved(batch);
  }

  /** A stream that is being written is never at its end: whoever waited for that would hold a slot for a whole turn. */
  private moved({ events }: Batch): Step {
    return events.length > 0 ? 'moved' : 'current';
  }

  private async read(): Promise<Batch | 'current' | 'parked'> {
    const checkpoint = await this.checkpoint();
    const { head } = checkpoint;
    this.seq = checkpoint.seq;
    this.begunAt = Math.min(this.begunAt, checkpoint.seq);
    noteInContext({ seq: checkpoint.seq });
    if (checkpoint.parkedAt !== null) return 'parked';
    if (head <= checkpoint.seq) return 'current';
    // only up to that head: what is appended meanwhile is the next step's
    const careful = checkpoint.attempts > 0 || checkpoint.seq < checkpoint.cautiousTo;
    const limit = Math.min(this.limit, careful ? 1 : BATCH);
    const range = { after: checkpoint.seq, upTo: head, limit };
    const events = await this.batches.read(this.target.streamId, range);
    const upTo = events.length < limit ? head : (events.at(-1)?.seq ?? head);
    return { checkpoint, events, upTo, careful };
  }

  /** A fork goes on from what its ancestors' rows and events tell of the seam. */
  private async checkpoint(): Promise<Checkpoint> {
    const checkpoint = await readCheckpoint(this.session, this.key);
    if (checkpoint.begun || this.stream.lineage.length === 0) return checkpoint;
    const { streamId } = this.stream;
    const state = await this.bases.seamState(this.session, streamId, this.fed);
    return { ...checkpoint, seq: seamOf(this.stream), state };
  }

  private load({ checkpoint, events, upTo }: Batch): Promise<unknown> {
    const { state, seq: after, attempts } = checkpoint;
    const layers = layersOf(this.stream, after);
    const request = { ...this.target, state, after, upTo, events, layers, grow: attempts === 0 };
    return this.fed.projection.load(this.session, request);
  }

  /** Events that no row needs. */
  private async skip(batch: Batch): Promise<Step> {
    const { checkpoint, upTo } = batch;
    const move = { from: checkpoint.seq, to: upTo, state: checkpoint.state };
    const moved = await moveCheckpoint(this.session, this.key, this.fed.projection.version, move);
    return moved ? this.moved(batch) : this.lost();
  }

  /** Somebody else moved the checkpoint, or the generation is gone or another version's: this code must not write it. */
  private lost(): Step {
    this.logger.warn(`${this.name()}: not at its checkpoint or of another version now: left alone`);
    return 'failed';
  }

  private commit({ checkpoint, upTo }: Batch, changes: FoldedChanges): Promise<boolean> {
    const { projection } = this.fed;
    return this.session.transaction(async () => {
      const move = { from: checkpoint.seq, to: upTo, state: changes.state };
      if (!(await moveCheckpoint(this.session, this.key, projection.version, move))) return false;
      await projection.write(this.session, this.target, changes);
      return true;
    });
  }

  private async foldFailed(
    batch: Batch,
    attempts: number,
    { index, problem }: { index: number; problem: string },
  ): Promise<Step> {
    const failed = batch.events[index];
    this.logger.warn(`${this.name()}: folding seq ${failed?.seq ?? batch.upTo} failed: ${problem}`);
    if (index > 0 && failed) {
      // what stands before it is good: it goes first, then the bad one alone
      this.limit = index;
      await beCautious(this.session, this.key, failed.seq);
      await forgetAttempt(this.session, this.key);
      return 'moved';
    }
    return this.failedAlone(batch, attempts, problem);
  }

  private async writeFailed(batch: Batch, attempts: number, error: unknown): Promise<Step> {
    const problem = error instanceof Error ? error.message : String(error);
    this.logger.warn(`${this.name()}: writing up to seq ${batch.upTo} failed: ${problem}`);
    return this.failedAlone(batch, attempts, problem);
  }

  private async failedAlone(batch: Batch, attempts: number, problem: string): Promise<Step> {
    if (batch.events.length > 1) {
      await beCautious(this.session, this.key, batch.events.at(-1)?.seq ?? batch.upTo);
      await forgetAttempt(this.session, this.key);
      this.limit = 1;
      return 'moved';
    }
    return attempts >= MAX_ATTEMPTS && batch.events.length === 1
      ? this.park(batch, attempts, problem)
      : 'failed';
  }

  private async park({ events, upTo }: Batch, attempts: number, error: string): Promise<Step> {
    const seq = events[0]?.seq ?? upTo;
    const eventType = events[0]?.type ?? '';
    const poison = { tenantId: this.target.tenantId, seq, eventType, error, attempts };
    await park(this.session, this.key, this.fed.projection, poison);
    this.logger.error(`${this.name()}: parked before seq ${seq} after ${attempts} attempts: ${error}`);
    return 'parked';
  }

  private name(): string {
    return `${this.key.projection} ${this.key.generation} of ${this.target.streamId}`;
  }
}
