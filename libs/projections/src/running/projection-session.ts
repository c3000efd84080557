import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { Database, Queryable } from '#platform';
import type { CheckpointKey } from '../checkpoints/checkpoint.js';

/**
 * One pipelined connection for one projector. Its lock on a (projection, generation, stream) is the session's, not a transaction's:
 * a fold may take a second, and no transaction is open meanwhile, yet the lock goes at once when the process dies.
 */
export class ProjectionSession implements Queryable {
  private lost: Error | undefined;
  private gathering = false;
  private readonly locks = new Set<string>();
  private readonly onError = (error: Error): void => void (this.lost = error);

  private constructor(private readonly client: PoolClient) {
    // an error event without a listener would end the process; the running query rejects with it as well
    client.on('error', this.onError);
  }

  static async open({ pipelined }: Pick<Database, 'pipelined'>): Promise<ProjectionSession> {
    return new ProjectionSession(await pipelined.connect());
  }

  /** What is asked for in one turn of the event loop goes to the server in one piece. */
  async query<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]> {
    this.gather();
    const { rows } = await this.client.query({ name: statementName(sql), text: sql, values: params });
    return rows as T[];
  }

  /** False: another projector has it. */
  async lock(key: CheckpointKey): Promise<boolean> {
    return (await this.lockAll([key]))[0] ?? false;
  }

  /** Which of them are this session's from now on; another projector has the others. */
  async lockAll(keys: readonly CheckpointKey[]): Promise<boolean[]> {
    const names = keys.map(lockName);
    const rows = await this.query<{ locked: boolean }>(
      'select pg_try_advisory_lock(hashtextextended(name, 0)) as locked from unnest($1::text[]) as name',
      [names],
    );
    for (const [n, { locked }] of rows.entries()) if (locked) this.locks.add(names[n]!);
    return rows.map(({ locked }) => locked);
  }

  private gather(): void {
    if (this.gathering) return;
    this.gathering = true;
    const { stream } = this.client.connection;
    stream.cork();
    process.nextTick(() => {
      this.gathering = false;
      stream.uncork();
    });
  }

  async unlock(key: CheckpointKey): Promise<void> {
    await this.unlockAll([key]);
  }

  async unlockAll(keys: readonly CheckpointKey[]): Promise<void> {
    if (keys.length === 0) return;
    const names = keys.map(lockName);
    await this.query('select pg_advisory_unlock(hashtextextended(name, 0)) from unnest($1::text[]) as name', [
      names,
    ]);
    for (const name of names) this.locks.delete(name);
  }

  /**
   * Committed when `work` gives true, rolled back when it gives false or throws, with all its statements settled. The commit does
   * not wait for the disk: rows and checkpoint are lost or kept together, and what is lost after a crash of the server is projected
   * again. That saves two waits a command (some milliseconds each).
   */
  async transaction(work: () => Promise<boolean>): Promise<boolean> {
    await this.client.query('begin isolation level read committed; set local synchronous_commit = off');
    try {
      const commit = await work();
      await this.client.query(commit ? 'commit' : 'rollback');
      return commit;
    } catch (error) {
      await this.client.query('rollback').catch((rollbackError: Error) => (this.lost = rollbackError));
      throw error;
    }
  }

  /** Gives the connection back; one that died or still holds a lock is thrown away, and its locks with it. */
  release(): void {
    this.client.off('error', this.onError);
    this.client.release(this.lost ?? (this.locks.size > 0 ? new Error('it still holds a lock') : undefined));
  }
}

const names = new Map<string, string>();

/** A projector's statements are few, and planning one over 16 partitions takes longer than running it: each is prepared. */
function statementName(sql: string): string {
  const known = names.get(sql);
  if (known !== undefined) return known;
  const name = `project_${createHash('sha256').update(sql).digest('hex').slice(0, 16)}`;
  names.set(sql, name);
  return name;
}

function lockName({ projection, generation, streamId }: CheckpointKey): string {
  return `project:${projection}:${generation}:${streamId}`;
}
