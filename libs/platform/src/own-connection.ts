import type { Socket } from 'node:net';
import { Client } from 'pg';
import { sessionOptions } from './database-session.js';
import { wireTypes } from './wire-types.js';

/** A connection outside the pool. Statements that are sent while one runs wait for it. */
export type OwnConnection = Client;

/**
 * A connection for work that goes over the whole log: beside the pool, so that no request waits for it, and without limits on
 * statements and idle transactions, as a COPY of the log takes as long as it takes. Locks are still waited for 2 s at most.
 */
export async function withOwnConnection<T>(
  url: string,
  purpose: string,
  work: (connection: OwnConnection) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: url,
    application_name: `lol-chat-log ${purpose}`,
    connectionTimeoutMillis: 2_000,
    options: sessionOptions({ statementMs: 0, idleInTransactionMs: 0 }),
    types: wireTypes,
    keepAlive: true,
  });
  // the statement that runs when the connection dies, or the next one, rejects: that is where it is heard
  client.on('error', () => undefined);
  await client.connect();
  try {
    const value = await work(client);
    await client.end();
    return value;
  } catch (error) {
    // in the middle of a COPY no farewell would be heard: the server notices the end of the socket, and undoes what is open
    (client as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    throw error;
  }
}
