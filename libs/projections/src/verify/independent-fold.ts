import { Injectable } from '@nestjs/common';
import { EventLog, seamOf, type StreamInfo } from '#event-log';
import { initialState, type ConversationState, type LoggedEvent } from '#model';
import { Database } from '#platform';
import type { EvolveChanges } from '../folding/evolve.fold.js';
import { ReadFolds } from '../reading/read-folds.js';
import type { ReadModelRows } from '../tables/read-model-table.js';
import { deltasFrom, pagedEvents, withNeededDeltas } from './answer-deltas.js';
import { besideCurrent, currentRows, type ExpectedRows } from './current-rows.js';
import { IndependentProject } from './independent-project.js';
import { expectedConversation, expectedMoment } from './model-conversation.js';
import { noFacts, noteFacts, type ModelFacts } from './model-facts.js';
import { expectedMessages } from './model-messages.js';
import { expectedSearch } from './model-search.js';
import { modelTree } from './model-tree.js';
import { differencesOf, type RowDifference } from './row-differences.js';

/** The rows that a projection has of a stream at its checkpoint. */
export type StoredStand = { projection: string; seq: number; stored: ReadModelRows[] };
export type IndependentRequest = {
  stream: StreamInfo;
  stands: StoredStand[];
  suspect: boolean;
  limit?: number;
};

type Position = { state: ConversationState; facts: ModelFacts; pathAtSeam: unknown };

/** Folded at once, before other work gets its turn. */
const AT_ONCE = 1_000;

/**
 * What stands now by the model's own fold of all events, set beside the rows: it shares nothing with the projections but the
 * model, so a mistake of theirs cannot hide in it. It knows the read models below by their tables; others it passes over.
 */
@Injectable()
export class IndependentFold {
  constructor(
    private readonly database: Database,
    private readonly log: EventLog,
    private readonly folds: ReadFolds,
    private readonly projects: IndependentProject,
  ) {}

  /**
   * What differs, by projection; each is compared at its own seq, which may lag.
   * @throws ReadUnavailable when events that failed before take too long.
   */
  async differences(request: IndependentRequest): Promise<Map<string, RowDifference[]>> {
    if (request.stream.kind === 'project') return this.projects.differences(request);
    if (request.stream.kind !== 'conversation') return new Map();
    return this.ofConversation(request);
  }

  private async ofConversation(request: IndependentRequest): Promise<Map<string, RowDifference[]>> {
    const { stream, stands, limit } = request;
    const found = new Map<string, RowDifference[]>();
    const waiting = stands.filter(({ seq }) => seq > seamOf(stream)).toSorted((a, b) => a.seq - b.seq);
    const last = waiting.at(-1)?.seq ?? 0;
    const position: Position = { state: initialState(stream.streamId), facts: noFacts(), pathAtSeam: [] };
    const compare = (upTo: number): void => {
      while (waiting[0] && waiting[0].seq <= upTo) {
        const { projection, stored } = waiting.shift()!;
        const both = besideCurrent(stored, expectedOf(stream, projection, stored, position));
        found.set(projection, differencesOf(both.stored, both.expected, limit));
      }
    };
    for await (const events of this.batches(request, last, [
      seamOf(stream),
      ...waiting.map(({ seq }) => seq),
    ])) {
      // the state is as of the event before these: a stand may end between
      const before = events[0]!.seq - 1;
      compare(before);
      if (before === seamOf(stream)) position.pathAtSeam = selectedPath(position.state);
      await this.foldOn(position, events, request);
    }
    compare(last);
    return found;
  }

  /** Batches that no stop falls within. */
  private async *batches(
    { stream }: IndependentRequest,
    upTo: number,
    stops: number[],
  ): AsyncGenerator<LoggedEvent[]> {
    const { streamId } = stream;
    const paged = pagedEvents(this.log, streamId, upTo, this.database);
    const left = stops.toSorted((a, b) => a - b);
    let batch: LoggedEvent[] = [];
    for await (const event of withNeededDeltas(paged, deltasFrom(this.log, streamId, this.database))) {
      const stops = left[0] !== undefined && left[0] < event.seq;
      while (left[0] !== undefined && left[0] < event.seq) left.shift();
      if (batch.length > 0 && (stops || batch.length === AT_ONCE)) {
        yield batch;
        batch = [];
      }
      batch.push(event);
    }
    if (batch.length > 0) yield batch;
  }

  private async foldOn(
    position: Position,
    events: LoggedEvent[],
    { stream: { streamId }, suspect }: IndependentRequest,
  ): Promise<void> {
    const context = { state: position.state };
    const folded = await this.folds.fold<EvolveChanges>({
      streamId,
      fold: 'evolve',
      context,
      events,
      suspect,
    });
    position.state = folded.state;
    for (const event of events) noteFacts(position.facts, event);
  }
}

function expectedOf(
  stream: StreamInfo,
  projection: string,
  stored: readonly ReadModelRows[],
  { state, facts, pathAtSeam }: Position,
): ExpectedRows[] {
  const model = { stream, state, facts };
  if (projection === 'conversations') return expectedConversation(model);
  if (projection === 'moments') return expectedMoment(model);
  if (projection === 'search') return expectedSearch(model);
  if (projection !== 'messages') return [];
  const paths = stored.find(({ table }) => table.name === 'message_paths');
  return expectedMessages(model, pathAtSeam, paths !== undefined && currentRows(paths).length > 0);
}

function selectedPath({ messages, leafId }: ConversationState): unknown {
  return modelTree(Object.values(messages)).pathTo(leafId);
}
