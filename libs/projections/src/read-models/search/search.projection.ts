import { Injectable } from '@nestjs/common';
import { EventLog } from '#event-log';
import { deltaEventType, initialState, type LoggedEvent } from '#model';
import type { Queryable } from '#platform';
import type { LoadRequest, Projection, ProjectionTarget, SeamRequest } from '../../projection.js';
import { readAll } from '../../reading/logged-events.js';
import type { ReadModelRows } from '../../tables/read-model-table.js';
import { deltaSpans } from '../messages/delta-spans.js';
import { touchedIds } from '../messages/messages.fold.js';
import { storedMessagesState } from '../messages/messages-state.js';
import { searchConversationsTable, searchMessagesTable } from './search-tables.js';
import { writeSearch } from './search-writes.js';
import type { SearchChanges, SearchContext, SearchState } from './search.fold.js';
import type { SearchedMessage } from './searched-message.js';

const CHUNK = 'MessageChunkAppended';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What messages are found by, and what is asked of their conversations. A fork has rows only of what it made itself. */
@Injectable()
export class SearchProjection implements Projection<SearchContext, SearchChanges> {
  readonly name = 'search';
  readonly version = 1;
  readonly kind = 'conversation';
  readonly foldName = 'search';
  readonly tables = [searchMessagesTable, searchConversationsTable];

  constructor(private readonly log: EventLog) {}

  async load(q: Queryable, request: LoadRequest): Promise<SearchContext | null> {
    const { events, streamId, layers } = request;
    if (events.length === 0) return null;
    const state = (request.state as SearchState | null) ?? {
      conversation: initialState(streamId),
      growing: {},
    };
    const begun = layers.some((layer) => layer.streamId === streamId && layer.upTo > 0);
    const rows = begun ? await rowsOf(q, request, touchedBy(state, events)) : [];
    return { state, rows, begun, growth: await this.growth(q, request, state, rows) };
  }

  /** What is inherited is found where it was written, so nothing of it is awaited here. */
  async seamState(_q: Queryable, { conversation }: SeamRequest): Promise<SearchState> {
    return { conversation: storedMessagesState(conversation, []).conversation, growing: {} };
  }

  async write(q: Queryable, target: ProjectionTarget, changes: SearchChanges): Promise<void> {
    await writeSearch(q, target, changes);
  }

  rowsOf(target: ProjectionTarget, { inserted, conversation }: SearchChanges): ReadModelRows[] {
    return [
      { table: searchMessagesTable, rows: searchMessagesTable.rows(target, inserted) },
      {
        table: searchConversationsTable,
        rows: searchConversationsTable.rows(target, conversation ? [conversation] : []),
      },
    ];
  }

  /** The deltas of answers that the events cut off, and the earlier chunks of messages that they bring to rest. */
  private async growth(
    q: Queryable,
    { streamId, after, events }: LoadRequest,
    { conversation, growing }: SearchState,
    rows: SearchedMessage[],
  ): Promise<LoggedEvent[]> {
    const own = new Set(rows.map(({ id }) => id));
    for (const { type, data } of events)
      if (type === 'AssistantMessageStarted') own.add((data as { messageId: string }).messageId);
    const growth: LoggedEvent[] = [];
    for (const { messageId, ...span } of deltaSpans(conversation.inFlight, events).cutOff) {
      if (own.has(messageId))
        growth.push(...(await readAll(this.log, streamId, { ...span, types: [deltaEventType] }, q)));
    }
    const settled = touchedBy(
      { conversation, growing },
      events.filter(({ type }) => type !== CHUNK),
    );
    const begins = settled.filter((id) => own.has(id)).flatMap((id) => growing[id] ?? []);
    if (begins.length > 0) {
      const range = { after: Math.min(...begins), upTo: after, types: [CHUNK] };
      const chunks = await readAll(this.log, streamId, range, q);
      growth.push(...chunks.filter(({ seq, data }) => seq > (growing[idOf(data)] ?? after)));
    }
    return growth.toSorted((a, b) => a.seq - b.seq);
  }
}

function idOf(data: unknown): string {
  return String((data as { messageId?: unknown } | null)?.messageId);
}

/** An event that cannot be read may name anything: it has no row then. */
function touchedBy({ conversation }: SearchState, events: LoggedEvent[]): string[] {
  const ids = new Set(conversation.inFlight ? [conversation.inFlight.messageId] : []);
  for (const event of events) for (const id of touchedIds(conversation, event)) ids.add(id);
  return [...ids].filter((id) => uuid.test(id));
}

function rowsOf(
  q: Queryable,
  { generation, streamId }: LoadRequest,
  ids: string[],
): Promise<SearchedMessage[]> {
  return q.query<SearchedMessage>(
    `select id, role, streaming_status as status, in_flight as "inFlight", seq, created_at as "createdAt", body,
       words::text as words, letters
     from search_messages where generation = $1 and conversation_id = $2 and id = any ($3::uuid[])`,
    [generation, streamId, ids],
  );
}
