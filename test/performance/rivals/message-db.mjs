import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Pool } from 'pg';

const folder = join(
  dirname(createRequire(import.meta.url).resolve('@eventide/message-db/package.json')),
  'database',
);
/** As its own install scripts run them, but for the role and the rights: this database is the benchmark's. */
const scripts = [
  'schema/message-store',
  'tables/messages',
  'types/message',
  ...[
    'message-store-version',
    'hash-64',
    'acquire-lock',
    'category',
    'is-category',
    'id',
    'cardinal-id',
    'stream-version',
    'write-message',
  ].map((name) => `functions/${name}`),
  'indexes/messages-id',
  'indexes/messages-stream',
  'indexes/messages-category',
];

/** `write_message` of one message a call, with the expected version. */
export async function open({ url, connections }) {
  const options = '-c search_path=message_store,public -c client_min_messages=warning';
  const pool = new Pool({ connectionString: url, max: connections, options });
  const client = await pool.connect();
  try {
    // indexes are made as a server at work is given them, which a transaction cannot hold: one statement at a time
    for (const name of scripts) {
      const sql = await readFile(join(folder, `${name}.sql`), 'utf8');
      const parts = name.startsWith('indexes/') ? sql.split(';').filter((part) => part.trim() !== '') : [sql];
      for (const part of parts) await client.query(part);
    }
  } finally {
    client.release();
  }
  const write = (streamId, version, { eventId, type, data, metadata }) =>
    pool.query({
      name: 'write_message',
      text: 'select write_message($1, $2, $3, $4, $5, $6)',
      values: [eventId, `chat-${streamId}`, type, JSON.stringify(data), JSON.stringify(metadata), version],
    });
  return {
    name: 'message-db',
    tables: ['message_store.messages'],
    // a stream that there is not is at -1
    open: (streamId, started) => write(streamId, -1, started),
    append: (streamId, seq, delta) => write(streamId, seq - 2, delta),
    close: () => pool.end(),
  };
}
