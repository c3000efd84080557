import { Injectable } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { Database } from '#platform';

/**
 * Locks on pieces of rebuilds, each a database session's: they go at once when their process dies, and no lease has to run out.
 */
@Injectable()
export class RebuildLocks {
  constructor(private readonly database: Database) {}

  /** Runs `work` on a connection that holds the lock; false, without running it, where another process has it. */
  async hold(piece: string, work: (client: PoolClient) => Promise<void>): Promise<boolean> {
    const client = await this.database.pool.connect();
    let broken: Error | undefined;
    // an error event without a listener would end the process; the running query rejects with it as well
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      const { rows } = await client.query<{ locked: boolean }>(
        'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
        [`rebuild:${piece}`],
      );
      if (!rows[0]?.locked) return false;
      await work(client);
      await client.query('select pg_advisory_unlock(hashtextextended($1, 0))', [`rebuild:${piece}`]);
      return true;
    } catch (error) {
      // thrown away, and the lock with it
      broken ??= error as Error;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}
