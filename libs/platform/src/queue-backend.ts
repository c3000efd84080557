import { createPostgresBackend, createRedisBackend, type BackendFactory } from 'bullmq';
import { Client } from 'pg';

/** BullMQ's own tables live apart from ours; their migrations are BullMQ's. */
const QUEUE_SCHEMA = 'bullmq';
/** BullMQ's default of 20 s between attempts to reach Redis would leave queued turns waiting after an outage. */
const LONGEST_PAUSE_MS = 1_000;

/** Where BullMQ keeps its jobs: what each of its objects is made with. */
export type QueueBackend = {
  kind: 'redis' | 'postgres';
  /** A producer fails fast, so that a command never waits for the queue; a worker waits for ever. */
  connection(role: 'producer' | 'worker'): Record<string, unknown>;
  factory: BackendFactory;
};

/**
 * BullMQ's migration holds a connection without listening to it: one that died meanwhile would end the process by its error
 * event. The statement that runs rejects as well.
 */
class HeardClient extends Client {
  constructor(config?: ConstructorParameters<typeof Client>[0]) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Redis where there is a URL, else BullMQ's PostgreSQL backend in the same server as the log. */
export function queueBackend(urls: { redisUrl?: string; databaseUrl: string }): QueueBackend {
  const { redisUrl, databaseUrl } = urls;
  if (redisUrl)
    return {
      kind: 'redis',
      connection: (role) => redisConnection(redisUrl, role),
      factory: createRedisBackend,
    };
  // each BullMQ object opens its own pool, so these stay small
  const connection = {
    connectionString: databaseUrl,
    schema: QUEUE_SCHEMA,
    migrate: true,
    max: 2,
    connectionTimeoutMillis: 2_000,
    Client: HeardClient,
  };
  return {
    kind: 'postgres',
    connection: () => connection,
    factory: createPostgresBackend as unknown as BackendFactory,
  };
}

function redisConnection(redisUrl: string, role: 'producer' | 'worker'): Record<string, unknown> {
  return {
    url: redisUrl,
    connectTimeout: 2_000,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** attempt, LONGEST_PAUSE_MS),
    enableOfflineQueue: role === 'worker',
    maxRetriesPerRequest: role === 'worker' ? null : 1,
  };
}
