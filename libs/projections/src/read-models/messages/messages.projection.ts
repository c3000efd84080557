import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { deltaEventType, initialState, type ConversationState, type LoggedEvent } from '#model';
import type { Queryable } from '#platform';
import type { LoadRequest, Projection, ProjectionTarget, SeamRequest } from '../../projection.js';
import { beginAnswer, InFlightFolds } from '../../reading/in-flight.folds.js';
import { layerOf } from '../../reading/layers.js';
import { readAll } from '../../reading/logged-events.js';
import { together } from '../../tables/together.js';
import type { ReadModelRows } from '../../tables/read-model-table.js';
import { chunksAt } from './chunks-at.js';
import { deltaSpans, type DeltaSpan } from './delta-spans.js';
import { currentRows, knownTree, pathAt, type CurrentRow } from './message-reads.js';
import { versionOfRow } from './message-rows.js';
import { grewEnough, type MessagesChanges, type StoredVersion } from './message-version.js';
import { messagesTable, pathsTable, segmentsTable } from './message-tables.js';
import { closeVersions, growVersions } from './message-writes.js';
import { stateOfRow } from './message.row.js';
import { touchedIds, type MessagesContext } from './messages.fold.js';
import { storedMessagesState, type StoredMessagesState } from './messages-state.js';
import { writePaths } from './path-writes.js';

/** The messages of a conversation at every seq, their tree, and the selected path. */
@Injectable()
export class MessagesProjection implements Projection<MessagesContext, MessagesChanges> {
  readonly name = 'messages';
  readonly version = 1;
  readonly kind = 'conversation';
  readonly foldName = 'messages';
  readonly followsDeltas = true;
  readonly tables = [messagesTable, segmentsTable, pathsTable];

  constructor(
    private readonly log: EventLog,
    private readonly folds: InFlightFolds,
  ) {}

  async load(q: Queryable, request: LoadRequest): Promise<MessagesContext | null> {
    const stored = request.state as StoredMessagesState | null;
    if (request.events.length === 0 && !stored?.conversation.inFlight) return null;
    const state: ConversationState = {
      ...(stored?.conversation ?? initialState(request.streamId)),
      messages: {},
    };
    const rows = await currentRows(q, request, touchedBy(state, stored?.chunking ?? [], request.events));
    const spans = neededSpans(state, rows, request);
    if (request.events.length === 0 && spans.length === 0) return null;
    const context: MessagesContext = {
      state,
      versions: [],
      tree: await knownTree(q, request, treeIds(state, rows, request.events)),
      path: await pathBefore(q, request),
      deltas: [],
    };
    for (const row of rows) {
      const version = await this.storedVersion(q, request, row, context, spans);
      context.versions.push(version);
      state.messages[row.id] = version.message;
    }
    for (const span of spans) {
      const range = { after: span.after, upTo: span.upTo, types: [deltaEventType] };
      context.deltas.push(...(await readAll(this.log, request.streamId, range, q)));
    }
    return context;
  }

  /** Chunks are added to an inherited row where an event of the fork changes it: none are awaited. */
  async seamState(_q: Queryable, { conversation }: SeamRequest): Promise<StoredMessagesState> {
    return storedMessagesState(conversation, []);
  }

  async write(q: Queryable, target: ProjectionTarget, changes: MessagesChanges): Promise<void> {
    await together([
      closeVersions(q, target, changes.closed),
      growVersions(q, target, changes.grown),
      segmentsTable.insert(q, target, changes.segments),
      messagesTable.insert(q, target, changes.inserted),
      writePaths(q, target, changes.paths),
    ]);
  }

  rowsOf(target: ProjectionTarget, { inserted, segments, paths }: MessagesChanges): ReadModelRows[] {
    return [
      { table: messagesTable, rows: messagesTable.rows(target, inserted) },
      { table: segmentsTable, rows: segmentsTable.rows(target, segments) },
      { table: pathsTable, rows: pathsTable.rows(target, paths) },
    ];
  }

  /** A row in flight lags the checkpoint: chunks are added here, an answer is folded anew from its first delta. */
  private async storedVersion(
    q: Queryable,
    { streamId, generation, layers, after }: LoadRequest,
    row: CurrentRow,
    { state }: MessagesContext,
    spans: DeltaSpan[],
  ): Promise<StoredVersion> {
    const version: StoredVersion = {
      message: stateOfRow(row),
      inFlight: row.in_flight,
      validFrom: row.valid_from,
      foldedSeq: row.folded_seq,
      length: row.in_flight === 'answer' ? row.folded_seq - row.seq : row.content.length,
      due: row.due,
      inherited: layerOf(layers, row.valid_from)?.streamId !== streamId,
    };
    if (row.in_flight === 'chunks') {
      const place = { q, generation, streamId, layers };
      const message = await chunksAt(this.folds, place, versionOfRow(row), after);
      return { ...version, message, foldedSeq: after };
    }
    const goesOn = row.in_flight === 'answer' && spans.some(({ messageId }) => messageId === row.id);
    if (!goesOn) return version;
    const begun = beginAnswer(streamId, version.message);
    state.inFlight = begun.inFlight;
    return { ...version, message: begun.messages[row.id] ?? version.message, foldedSeq: row.seq };
  }
}

async function pathBefore(q: Queryable, request: LoadRequest): Promise<MessagesContext['path']> {
  const row = await pathAt(q, request);
  const { layers, streamId } = request;
  return row && { ...row, inherited: layerOf(layers, row.validFrom)?.streamId !== streamId };
}

/** An event that cannot be read may name anything: it has no row then. */
function isId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

/** Ids whose rows the events may change. */
function touchedBy(state: ConversationState, chunking: string[], events: LoggedEvent[]): string[] {
  const ids = new Set(chunking);
  if (state.inFlight) ids.add(state.inFlight.messageId);
  for (const event of events) for (const id of touchedIds(state, event)) ids.add(id);
  return [...ids].filter(isId);
}

/** Ids whose places are needed: of the rows, the new messages' parents, and the leaves that were and will be selected. */
function treeIds(state: ConversationState, rows: CurrentRow[], events: LoggedEvent[]): string[] {
  const ids = new Set(rows.map(({ id }) => id));
  if (events.length > 0 && state.leafId) ids.add(state.leafId);
  for (const { data } of events) {
    const { parentId, leafId } = (data ?? {}) as Record<string, unknown>;
    if (typeof parentId === 'string') ids.add(parentId);
    if (typeof leafId === 'string') ids.add(leafId);
  }
  return [...ids].filter(isId);
}

/** Deltas of answers that were cut off, and of the one in flight where its row is to grow now. */
function neededSpans(
  state: ConversationState,
  rows: CurrentRow[],
  { events, upTo, grow, layers, streamId }: LoadRequest,
): DeltaSpan[] {
  const { cutOff, open } = deltaSpans(state.inFlight, events);
  const row = rows.find(({ id, in_flight }) => id === open?.messageId && in_flight === 'answer');
  const isOwn = row !== undefined && layerOf(layers, row.valid_from)?.streamId === streamId;
  if (!open || !isOwn || !grow || !row.due) return cutOff;
  const grows = grewEnough(upTo - row.seq, row.folded_seq - row.seq);
  return grows ? [...cutOff, { messageId: row.id, after: open.startedSeq, upTo }] : cutOff;
}
