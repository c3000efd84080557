import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import { requireHit } from '../../tables/require-hit.js';
import { searchConversationsTable, searchMessagesTable } from './search-tables.js';
import type { SearchChanges } from './search.fold.js';

/** One statement a kind of change. What keeps its text keeps its place in the indexes too (HOT). */
export async function writeSearch(
  q: Queryable,
  target: ProjectionTarget,
  { inserted, rewritten, followed, removed, conversation }: SearchChanges,
): Promise<void> {
  const { generation, streamId } = target;
  if (followed.length > 0) {
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
  const gone = [...removed, ...rewritten.map(({ id }) => id)];
  if (gone.length > 0) {
    const hits = await q.query(
      `delete from search_messages
       where generation = $1 and conversation_id = $2 and id = any ($3::uuid[]) returning 1 as hit`,
      [generation, streamId, gone],
    );
    requireHit('search_messages', gone.length, hits.length);
  }
  await searchMessagesTable.insert(q, target, [...inserted, ...rewritten]);
  if (!conversation) return;
  await q.query('delete from search_conversations where generation = $1 and conversation_id = $2', [
    generation,
    streamId,
  ]);
  await searchConversationsTable.insert(q, target, [conversation]);
}
