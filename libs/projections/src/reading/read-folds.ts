import { Injectable, Logger } from '@nestjs/common';
import type { LoggedEvent, Marker } from '#model';
import { ReadUnavailable } from '../errors.js';
import { DIED } from '../folding/died.js';
import { FoldThreads } from '../folding/fold-threads.js';
import { foldNamed, type FoldName } from '../folding/folds.js';
import { sizeOfEvents } from '../folding/fold-size.js';
import type { FoldedChanges } from '../projection.js';
import { PoisonMemory } from './poison-memory.js';

/** So long may one read fold in threads: what it finds out meanwhile is remembered for the next. */
const BUDGET_MS = 3_000;

export type ReadFold = {
  streamId: string;
  fold: FoldName;
  context: unknown;
  events: LoggedEvent[];
  suspect: boolean;
  /** The event that is a marker unread: it ends the process that folds it. */
  deadlyAt?: number | null;
};

/**
 * The folds of reads: the projector's very code, but an event that it fails on becomes a marker and the rest is folded.
 * Where a projector's attempt is on record (`suspect`), only in a thread that can be killed; else in place.
 */
@Injectable()
export class ReadFolds {
  private readonly logger = new Logger('ReadFolds');
  private readonly poison = new PoisonMemory();

  constructor(private readonly threads: FoldThreads) {}

  /** @throws ReadUnavailable when it takes too long to find out which events are bad. */
  async fold<Changes extends FoldedChanges>(request: ReadFold): Promise<Changes> {
    if (request.suspect || sizeOfEvents(request.events).tooDeep >= 0) return this.foldInThread(request);
    try {
      return foldNamed(request.fold).fold(request.context, request.events, { unreadable: 'mark' }) as Changes;
    } catch (error) {
      this.logger.warn(
        `${request.streamId}: a fold failed, so it goes on in a thread: ${(error as Error).message}`,
      );
      return this.foldInThread(request);
    }
  }

  private async foldInThread<Changes extends FoldedChanges>({
    streamId,
    fold,
    context,
    events,
    deadlyAt,
  }: ReadFold): Promise<Changes> {
    const until = performance.now() + BUDGET_MS;
    const markers: Marker[] = [];
    let good = events.filter((event) => {
      const problem = event.seq === deadlyAt ? DIED : this.poison.problemOf(fold, streamId, event.seq);
      if (problem !== undefined) markers.push({ seq: event.seq, type: event.type, problem });
      return problem === undefined;
    });
    const late = new Set<number>();
    while (performance.now() < until) {
      const outcome = await this.threads.fold<Changes>(
        { fold, context, events: good, unreadable: 'mark' },
        'suspect',
      );
      if (outcome.ok) return withMarkers(outcome.changes, markers);
      const bad = good[outcome.index];
      if (!bad) break;
      // a machine that has no time for a good event has some for it the next time
      if (outcome.late && !late.has(bad.seq)) {
        late.add(bad.seq);
        continue;
      }
      this.poison.remember(fold, streamId, bad.seq, outcome.problem);
      markers.push({ seq: bad.seq, type: bad.type, problem: outcome.problem });
      good = good.filter((event) => event !== bad);
    }
    throw new ReadUnavailable(`conversation ${streamId} holds events that cannot be folded in time`);
  }
}

function withMarkers<Changes extends FoldedChanges>(changes: Changes, markers: Marker[]): Changes {
  return { ...changes, markers: [...changes.markers, ...markers].toSorted((a, b) => a.seq - b.seq) };
}
