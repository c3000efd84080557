import { Redis } from 'ioredis';
import { type Check, fail, ok, warn } from './check.js';

const CONNECT_MS = 2_000;

/** Its version, and whether it keeps what it is given. */
export async function redisChecks(url: string): Promise<Check[]> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
  });
  // what fails is told by the call that fails
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    const info = await redis.info();
    const fact = (name: string): string =>
      new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? 'unknown';
    const policy = fact('maxmemory_policy');
    return [
      ok('Redis', fact('redis_version')),
      policy === 'noeviction'
        ? ok('Redis memory', 'nothing is evicted')
        : warn(
            'Redis memory',
            `maxmemory-policy is ${policy}`,
            'set noeviction: jobs are hints, but each lost one costs a second',
          ),
    ];
  } catch (error) {
    return [fail('Redis', `cannot be reached: ${(error as Error).message}`, 'start it, or remove REDIS_URL')];
  } finally {
    redis.disconnect();
  }
}
