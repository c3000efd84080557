import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import { together } from '../../tables/together.js';
import { requireHit } from '../../tables/require-hit.js';
import { searchConversationsTable, searchMessagesTable } from './search-tables.js';
import type { SearchChanges } from './search.fold.js';

/** One statement a kind of change. What keeps its text keeps its place in the indexes too (HOT). */
export async function writeSearch(
  q: Queryable,
  target: ProjectionTarget,
  { inserted, rewritten, followed, removed, conversation }: SearchChanges,
): Promise<void> {
  await together([
    followMessages(q, target, followed),
    removeMessages(q, target, [...removed, ...rewritten.map(({ id }) => id)]),
    searchMessagesTable.insert(q, target, [...inserted, ...rewritten]),
    conversation ? replaceConversation(q, target, conversation) : Promise.resolve(),
  ]);
}

async function followMessages(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  followed: SearchChanges['followed'],
): Promise<void> {
  if (followed.length === 0) return;
  const hits = await q.query(
    `update search_messages m set streaming_status = n.status, in_flight = n.in_flight
       from unnest($3::uuid[], $4::text[], $5::text[]) as n (id, status, in_flight)
       where m.generation = $1 and m.conversation_id = $2 and m.id = n.id returning 1 as hit`,
    [
      generation,
      streamId,
      followed.map(({ id }) => id),
      followed.map(({ status }) => status),
      followed.map(({ inFlight }) => inFlight),
    ],
  );
  requireHit('search_messages', followed.length, hits.length);
}

async function removeMessages(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  gone: string[],
): Promise<void> {
  if (gone.length === 0) return;
  const hits = await q.query(
    `delete from search_messages
       where generation = $1 and conversation_id = $2 and id = any ($3::uuid[]) returning 1 as hit`,
    [generation, streamId, gone],
  );
  requireHit('search_messages', gone.length, hits.length);
}

async function replaceConversation(
  q: Queryable,
  target: ProjectionTarget,
  conversation: NonNullable<SearchChanges['conversation']>,
): Promise<void> {
  await together([
    q.query('delete from search_conversations where generation = $1 and conversation_id = $2', [
      target.generation,
      target.streamId,
    ]),
    searchConversationsTable.insert(q, target, [conversation]),
  ]);
}
