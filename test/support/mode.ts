import { createTestDatabase } from './postgres.js';
import { startTestRedis } from './redis.js';

/** What a server under test runs on. */
export type TestMode = {
  /** For `startServer` and `loadConfig`: DATABASE_URL, and REDIS_URL in the external mode. */
  env: { DATABASE_URL: string; REDIS_URL?: string };
  databaseUrl: string;
  redisUrl?: string;
  stop(): Promise<void>;
};

/**
 * A fresh database, and what carries jobs and signals in the mode that the run is in: with CHATLOG_TEST_DATABASE_URL a
 * Redis of its own (external PostgreSQL + Redis), else PostgreSQL alone (embedded).
 */
export async function startMode(): Promise<TestMode> {
  const database = await createTestDatabase();
  const redis = process.env.CHATLOG_TEST_DATABASE_URL ? await startTestRedis() : null;
  const redisUrl = redis?.url;
  return {
    env: { DATABASE_URL: database.url, ...(redisUrl ? { REDIS_URL: redisUrl } : {}) },
    databaseUrl: database.url,
    redisUrl,
    stop: async () => {
      await redis?.stop();
      await database.drop();
    },
  };
}
