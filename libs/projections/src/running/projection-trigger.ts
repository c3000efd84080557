import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { EventLog } from '#event-log';
import { CONFIG, JobQueues, type Config, type WorkOrigin } from '#platform';
import { BoundedCache } from '../reading/bounded-cache.js';
import { grewEnough } from '../read-models/messages/message-version.js';
import { ProjectionRunner } from './projection-runner.js';

/** Jobs are offered in bulk, so often. */
const OFFER_MS = 50;
const GROWTH_MS = 250;
/** Streams that are written to at once, about; one that is forgotten is only projected more often. */
const CAPACITY = 10_000;

/** The newest commit, since when it waits, and whose work it was. */
type Due = { seq: number; from: number; origin: WorkOrigin | null };
type Growth = { startedSeq: number; offeredSeq: number; offeredAt: number };

/**
 * Turns this process's commits into "project this stream" jobs: hints, which the sweeper makes good when they are lost.
 * Events that a read model needs are offered once the command's own projection has had its time; deltas alone only after
 * the answer has doubled, at most every 250 ms, and not while others fill the slots: they are not needed.
 */
@Injectable()
export class ProjectionTrigger implements OnModuleInit, OnModuleDestroy {
  private readonly growth = new BoundedCache<Growth>(CAPACITY);
  private readonly due = new Map<string, Due>();
  private timer: NodeJS.Timeout | null = null;
  private unsubscribe: (() => void) | null = null;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'projectInPlaceMs'>,
    private readonly log: EventLog,
    private readonly queues: JobQueues,
    private readonly runner: ProjectionRunner,
  ) {}

  onModuleInit(): void {
    this.unsubscribe = this.log.onCommitted((streamId, seq, hasNonDeltas, { origin }) => {
      if (hasNonDeltas) this.noteEvents(streamId, seq, origin);
      else this.noteGrowth(streamId, seq);
    });
  }

  onModuleDestroy(): void {
    this.unsubscribe?.();
    if (this.timer) clearTimeout(this.timer);
  }

  private noteEvents(streamId: string, seq: number, origin: WorkOrigin | null): void {
    const now = performance.now();
    this.growth.set(streamId, { startedSeq: seq, offeredSeq: seq, offeredAt: now });
    const from = this.due.get(streamId)?.from ?? now + this.config.projectInPlaceMs;
    this.due.set(streamId, { seq, from, origin });
    this.wake();
  }

  private noteGrowth(streamId: string, seq: number): void {
    const now = performance.now();
    const growth = this.growth.get(streamId) ?? { startedSeq: seq, offeredSeq: seq, offeredAt: now };
    const { startedSeq, offeredSeq, offeredAt } = growth;
    const isEnough = now - offeredAt >= GROWTH_MS && grewEnough(seq - startedSeq, offeredSeq - startedSeq);
    if (!isEnough || this.runner.busy) {
      this.growth.set(streamId, growth);
      return;
    }
    this.growth.set(streamId, { startedSeq, offeredSeq: seq, offeredAt: now });
    if (!this.due.has(streamId)) this.due.set(streamId, { seq, from: now, origin: null });
    this.wake();
  }

  private wake(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.offer();
      if (this.due.size > 0) this.wake();
    }, OFFER_MS).unref();
  }

  private offer(): void {
    const now = performance.now();
    const ready = [...this.due].filter(([, { from }]) => from <= now);
    for (const [streamId] of ready) this.due.delete(streamId);
    const behind = ready.filter(([streamId, { seq }]) => this.runner.projectedHere(streamId) < seq);
    const jobs = behind.map(([streamId, { origin }]) => ({
      data: { streamId, ...(origin && { origin }) },
      dedupeId: streamId,
    }));
    // never rejects: a job that is not taken is the sweeper's
    void this.queues.enqueueBulk('project', jobs);
  }
}
