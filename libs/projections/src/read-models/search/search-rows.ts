import type { MessageState } from '#model';
import type { Queryable } from '#platform';
import type { Reader } from '../../reading/reader.js';
import { searchCondition, type SearchMode } from './search-conditions.js';
import type { SearchQuery } from './search-query.js';

/** Where a hit stands: newest made first, which never changes. */
export type SearchPosition = [createdAt: string, id: string];

/** What else must hold of a hit. Times are ISO 8601; `from` counts in, `to` does not. */
export type SearchFilter = {
  projectId?: string;
  conversationId?: string;
  role?: MessageState['role'];
  status?: MessageState['streamingStatus'];
  archived?: boolean;
  from?: string;
  to?: string;
};

export type SearchRequestOfRows = {
  generation: number;
  reader: Reader;
  query: SearchQuery;
  mode: SearchMode;
  filter: SearchFilter;
  after?: SearchPosition;
  limit: number;
};

/** A hit as the tables have it. */
export type SearchRow = {
  id: string;
  conversation_id: string;
  role: MessageState['role'];
  streaming_status: MessageState['streamingStatus'];
  seq: number;
  created_at: string;
  body: string;
  project_id: string | null;
  title: string | null;
  archived: boolean;
  /** It was moved to the trash after what the rows know. */
  trashed_since: boolean;
};

/** Where a look ended: how many messages it went through, and when the newest and the oldest of them were made. */
type Look = { rows: SearchRow[]; seen: number; newest: string | null; oldest: string | null };

/** Messages that the first look goes through, one by one. */
const FIRST_LOOK = 400;
/** The second goes back so many times as far. */
const FARTHER = 16;

/**
 * The newest hits after a position, at most `limit`; the permission filter is in every statement. A word that stands everywhere is
 * found among the newest few hundred messages, one that is rare by the index alone, however many messages there are; what is in
 * between by both, some way back.
 */
export async function searchRows(q: Queryable, request: SearchRequestOfRows): Promise<SearchRow[]> {
  const { limit, filter } = request;
  // the index answers every condition on a text: a plan that passes it by goes through all texts
  await q.query('set local enable_seqscan = off');
  if (filter.conversationId !== undefined) return rowsByIndex(q, request, null);
  const { rows, seen, newest, oldest } = await newestRows(q, request);
  if (rows.length >= limit || seen < FIRST_LOOK || !newest || !oldest) return rows;
  const span = new Date(newest).getTime() - new Date(oldest).getTime();
  const since = new Date(new Date(newest).getTime() - span * FARTHER);
  const farther = await rowsByIndex(q, request, since.toISOString());
  return farther.length >= limit ? farther : rowsByIndex(q, request, null);
}

/** Looks through the newest messages without the index: materialized, so that it is neither more nor less than those. */
async function newestRows(q: Queryable, request: SearchRequestOfRows): Promise<Look> {
  const { values, bind, readable, matching } = conditionsOf(request);
  const found = await q.query<SearchRow & Omit<Look, 'rows'>>(
    `with newest as materialized (
       select m.conversation_id, m.id, m.role, m.streaming_status, m.created_at, m.words, m.letters
       from search_messages m where ${readable.join(' and ')}
       order by m.created_at desc, m.id desc limit ${FIRST_LOOK}
     ), hits as materialized (
       select m.conversation_id, m.id, m.created_at, c.project_id, c.title, c.archived
       from newest m ${itsConversation} where ${matching.join(' and ')}
     )
     select l.*, h.* from (
       select count(*)::integer as seen, max(created_at) as newest, min(created_at) as oldest from newest
     ) l left join (${shown(bind(request.limit))}) h on true
     order by h.created_at desc, h.id desc`,
    values,
  );
  const [{ seen, newest, oldest } = { seen: 0, newest: null, oldest: null }] = found;
  return { rows: found.filter(({ id }) => id !== null), seen, newest, oldest };
}

/** Looks up by the index, back to a time or all. Materialized: else the planner may walk by age, through all texts. */
function rowsByIndex(q: Queryable, request: SearchRequestOfRows, since: string | null): Promise<SearchRow[]> {
  const { reader, filter } = request;
  const { values, bind, readable, matching } = conditionsOf(request);
  const { tenantId, userId } = reader;
  // who may read, as the index has it beside the texts; the columns decide
  const scope = bind(userId === undefined ? tenantId : `${tenantId} ${userId}`);
  const where = [
    ...readable,
    ...matching,
    `array[m.tenant_id, m.tenant_id || ' ' || m.owner_id] @> array[${scope}]`,
  ];
  if (since !== null) where.push(`m.created_at >= ${bind(since)}::timestamptz`);
  if (filter.conversationId !== undefined) where.push(`m.conversation_id = ${bind(filter.conversationId)}`);
  if (filter.projectId !== undefined)
    where.push(`m.conversation_id = any (array(
      select p.conversation_id from search_conversations p
      where p.generation = $1 and p.project_id = ${bind(filter.projectId)}))`);
  return q.query<SearchRow>(
    `with hits as materialized (
       select m.conversation_id, m.id, m.created_at, c.project_id, c.title, c.archived
       from search_messages m ${itsConversation} where ${where.join(' and ')}
     )
     ${shown(bind(request.limit))}`,
    values,
  );
}

/** `readable`: the reader's own, in this generation, after the position, of the time. `matching`: what else must hold of a hit. */
function conditionsOf({ generation, reader, query, mode, filter, after }: SearchRequestOfRows) {
  const values: unknown[] = [generation];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const readable = ['m.generation = $1', `m.tenant_id = ${bind(reader.tenantId)}`];
  if (reader.userId !== undefined) readable.push(`m.owner_id = ${bind(reader.userId)}`);
  if (filter.from !== undefined) readable.push(`m.created_at >= ${bind(filter.from)}::timestamptz`);
  if (filter.to !== undefined) readable.push(`m.created_at < ${bind(filter.to)}::timestamptz`);
  if (after) {
    const [at, id] = after;
    readable.push(`(m.created_at, m.id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`);
  }
  const matching = ['not c.trashed', searchCondition(query, mode, bind)];
  if (filter.role !== undefined) matching.push(`m.role = ${bind(filter.role)}`);
  if (filter.status !== undefined) matching.push(`m.streaming_status = ${bind(filter.status)}`);
  if (filter.projectId !== undefined) matching.push(`c.project_id = ${bind(filter.projectId)}`);
  if (filter.archived !== undefined) matching.push(`c.archived = ${bind(filter.archived)}`);
  return { values, bind, readable, matching };
}

/** One look-up a message: a limit keeps the planner from going through all conversations. */
const itsConversation = `cross join lateral (
  select c.project_id, c.title, c.archived, c.trashed from search_conversations c
  where c.generation = $1 and c.conversation_id = m.conversation_id limit 1) c`;

/** The newest of the hits whole, and whether their conversation was moved to the trash after what the rows know. */
function shown(limit: string): string {
  return `select h.*, m.role, m.streaming_status, m.seq, m.body,
      trashed_since(h.conversation_id, k.seq) as trashed_since
    from (select * from hits order by created_at desc, id desc limit ${limit}) h
    join search_messages m on m.generation = $1 and m.conversation_id = h.conversation_id and m.id = h.id
    left join projection_checkpoints k
      on k.projection = 'search' and k.generation = $1 and k.stream_id = h.conversation_id
    order by h.created_at desc, h.id desc`;
}
