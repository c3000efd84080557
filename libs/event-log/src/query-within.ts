import type { Pool, QueryConfig, QueryResult } from 'pg';

/**
 * Runs one statement in autocommit on a connection of the pool, and destroys the connection when no answer comes within `ms`
 * (a server's statement_timeout does not help where the network swallows packets) or when it fails without a word from
 * the server. The rejection then has no `code`: the outcome is unknown.
 */
export async function queryWithin(pool: Pool, query: QueryConfig, ms: number): Promise<QueryResult> {
  const client = await pool.connect();
  let lost: Error | undefined;
  const onError = (error: Error) => (lost = error);
  // an error event without a listener would end the process; the query rejects with it as well
  client.on('error', onError);
  const timer = setTimeout(() => {
    lost = new Error(`no answer within ${ms} ms`);
    // destroying the socket rejects the query
    void client.end();
  }, ms);
  try {
    return await client.query(query);
  } finally {
    clearTimeout(timer);
    client.off('error', onError);
    client.release(lost);
  }
}
