import { Client } from 'pg';
import type { TestRedis } from './redis.js';

/** Tables that say which schema BullMQ's store has; everything else is jobs. */
const KEPT = ['migration', 'meta'];

/**
 * Everything that the queue holds is gone: FLUSHALL where it lives in Redis; where it lives in PostgreSQL, its tables are
 * emptied, which is the same loss.
 */
export async function wipeQueue(databaseUrl: string, redis: TestRedis | null): Promise<void> {
  if (redis) return redis.flushAll();
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
       WHERE schemaname = 'bullmq' AND tablename <> ALL ($1)`,
      [KEPT],
    );
    if (rows.length === 0) throw new Error('there are no tables of BullMQ in this database');
    await emptied(client, `TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
  } finally {
    await client.end();
  }
}

/** Workers are at the tables in another order: one that meets us in a deadlock is as good as lost, and so are we. */
async function emptied(client: Client, sql: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await client.query(sql);
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== '40P01' || tries === 10) throw error;
    }
  }
}
