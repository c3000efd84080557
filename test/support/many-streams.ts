import type { Database } from '#platform';

/** Every table that holds something of a conversation, and the column that says of which. */
const TABLES: Record<string, string> = {
  streams: 'stream_id',
  events: 'stream_id',
  entities: 'stream_id',
  projection_checkpoints: 'stream_id',
  conversations: 'conversation_id',
  message_paths: 'conversation_id',
  message_segments: 'conversation_id',
  messages: 'conversation_id',
  moments: 'conversation_id',
  search_conversations: 'conversation_id',
  search_messages: 'conversation_id',
};

const prefixOf = (n: string) => `overlay(overlay(overlay(overlay(substr(md5(${n}::text), 1, 20)
  placing '-' from 9 for 0) placing '-' from 14 for 0) placing '-' from 19 for 0) placing '-' from 24 for 0)`;

/**
 * Copies a projected conversation, whose ids all share the first 24 characters, `count` times under ids of their own: log and
 * rows of each copy are what the program would have made.
 */
export async function copyConversation(database: Database, streamId: string, count: number): Promise<void> {
  const prefix = streamId.slice(0, 24);
  for (const [table, column] of Object.entries(TABLES)) {
    // some seconds for all of them
    await database.transaction('READ COMMITTED', async (q) => {
      await q.query(`set local statement_timeout = '120s'`);
      await q.query(
        `insert into ${table} select r.* from generate_series(1, $3::integer) n
         cross join (select row_to_json(t)::text as row from ${table} t where t.${column} = $1::uuid) t
         cross join lateral json_populate_record(null::${table}, replace(t.row, $2, ${prefixOf('n')})::json) r`,
        [streamId, prefix, count],
      );
    });
  }
}

/** The id of the nth copy. */
export const copyId = (n: string) => `(${prefixOf(n)} || '000000000000')::uuid`;
