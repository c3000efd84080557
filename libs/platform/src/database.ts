import pg, { Pool } from 'pg';
import { DataSource, type EntitySchema } from 'typeorm';
import { ChannelListener } from './channel-listener.js';
import { sessionOptions, type SessionLimits } from './database-session.js';
import { wireTypes } from './wire-types.js';

/** The subset of a connection that a read needs: pass one to read inside a transaction of yours. */
export interface Queryable {
  query<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]>;
}

/** How a process connects: where to, as whom it shows itself, and with which limits. */
export type DatabaseOptions = SessionLimits & {
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  poolSize?: number;
  // any class is an entity to TypeORM: it has no narrower type for one
  entities?: (Function | EntitySchema)[];
};

/** Connections that are pipelined, at most: a projector's each. */
const PIPELINED = 10;
/**
 * Their statements are few, prepared, and go by keys. Left to itself the server plans those over 16 partitions anew each time, as it
 * takes a plan for any key for dearer: a fifth of its time under 80 turns went there (measured).
 */
const GENERIC_PLANS = '-c plan_cache_mode=force_generic_plan';

/**
 * One pool a process, on the TypeORM DataSource, and a small one whose connections are pipelined. Every statement ends within its
 * time limit (5 s, locks 2 s, an idle transaction 10 s), and a wait for a free connection within 2 s. Errors are node-postgres errors:
 * no `code` means that the connection died and the outcome is unknown.
 */
export class Database implements Queryable {
  private readonly listeners = new Set<ChannelListener>();

  private constructor(
    readonly dataSource: DataSource,
    readonly pool: pg.Pool,
    /**
     * Of these connections each sends its statements without waiting for the answers to those before: they are carried out in the order of
     * the calls. Whoever takes one settles all that he has begun before he goes on, and streams nothing through it (COPY).
     */
    readonly pipelined: pg.Pool,
    readonly url: string,
  ) {}

  /** Connects, or rejects with the server's error. */
  static async connect(options: DatabaseOptions): Promise<Database> {
    const shared = {
      types: wireTypes,
      options: sessionOptions(options),
      keepAlive: true,
      idleTimeoutMillis: 30_000,
    };
    const applicationName = options.applicationName ?? 'lol-chat-log';
    const dataSource = new DataSource({
      type: 'postgres',
      driver: pg,
      url: options.url,
      applicationName,
      poolSize: options.poolSize ?? 12,
      connectTimeoutMS: 2_000,
      synchronize: false,
      installExtensions: false,
      entities: options.entities ?? [],
      // a `where` with an undefined value must never mean "every row"
      invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
      extra: shared,
      // an idle connection that died is replaced by the pool at its next use
      poolErrorHandler: () => undefined,
    });
    await dataSource.initialize();
    const { master } = dataSource.driver as unknown as { master: pg.Pool };
    const pipelined = new Pool({
      ...shared,
      options: `${shared.options} ${GENERIC_PLANS}`,
      connectionString: options.url,
      application_name: applicationName,
      connectionTimeoutMillis: 2_000,
      max: PIPELINED,
      pipeline: true,
    });
    // as above: an idle connection that died
    pipelined.on('error', () => undefined);
    for (const pool of [master, pipelined]) surviveLostConnections(pool);
    return new Database(dataSource, master, pipelined, options.url);
  }

  /** The rows of one statement, in autocommit. */
  async query<T = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<T[]> {
    const result = await this.pool.query(sql, params);
    return result.rows as T[];
  }

  /** One statement with its whole result; with a `name` it is prepared once a connection. */
  run(statement: pg.QueryConfig): Promise<pg.QueryResult> {
    return this.pool.query(statement);
  }

  /**
   * Runs `work` in one transaction: committed when it resolves, rolled back when it throws. Never retried here: the caller
   * knows whether that is right. A connection whose rollback fails is thrown away.
   */
  async transaction<T>(
    isolation: 'READ COMMITTED' | 'REPEATABLE READ',
    work: (q: Queryable) => Promise<T>,
  ): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    // A connection that dies between two statements says so by an event, which without a listener would end the process.
    const onError = (error: Error): void => void (broken = error);
    client.on('error', onError);
    try {
      await client.query(`BEGIN ISOLATION LEVEL ${isolation}`);
      const value = await work({ query: async (sql, params) => (await client.query(sql, params)).rows });
      await client.query('COMMIT');
      return value;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollbackError: Error) => (broken = rollbackError));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }

  /**
   * Calls `onPayload` for each NOTIFY on the channel, over a connection of its own. A lost connection is remade with back-off
   * (at most 1 s), then `onReconnect` is called: what was sent meanwhile is lost, so look again. Resolves when it listens;
   * the function it gives stops it.
   */
  async listen(
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: () => void = () => undefined,
  ): Promise<() => Promise<void>> {
    const listener = new ChannelListener(this.url, channel, onPayload, onReconnect);
    await listener.start();
    this.listeners.add(listener);
    return async () => {
      this.listeners.delete(listener);
      await listener.stop();
    };
  }

  /** Stops all listeners and closes the pools when their running statements are done. */
  async end(): Promise<void> {
    await Promise.all([...this.listeners].map((listener) => listener.stop()));
    if (!this.pipelined.ending) await this.pipelined.end();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/**
 * From the moment that the pool hands a connection out nobody listens for its errors, until the borrower does: one that is
 * killed in between would end the process. The next statement on it fails, which is where it is heard.
 */
function surviveLostConnections(pool: pg.Pool): void {
  const known = new WeakSet<pg.PoolClient>();
  pool.on('acquire', (client) => {
    if (known.has(client)) return;
    known.add(client);
    client.on('error', () => undefined);
  });
}
