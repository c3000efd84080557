import { Logger } from '@nestjs/common';
import { Redis, type RedisOptions } from 'ioredis';
import type { SignalTransport } from './signal-transport.js';

const channel = 'chatlog:signals';

/** After an outage a longer back-off would keep live readers on the poll for longer than needed. */
const maxBackOffMs = 1000;

/** Signals over Redis pub/sub: one connection to publish, one to subscribe. */
export class RedisTransport implements SignalTransport {
  private readonly logger = new Logger('Signals');
  private readonly publisher: Redis;
  private subscriber: Redis | null = null;

  constructor(private readonly url: string) {
    // Offline: reject at once instead of queueing hints that will be stale.
    this.publisher = this.connection({
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 1000,
    });
  }

  async publish(payloads: string[]): Promise<void> {
    await Promise.all(payloads.map((payload) => this.publisher.publish(channel, payload)));
  }

  async subscribe(onPayload: (payload: string) => void, onGap: () => void): Promise<void> {
    const subscriber = this.connection({ autoResubscribe: false, maxRetriesPerRequest: null });
    this.subscriber = subscriber;
    subscriber.on('message', (_channel: string, payload: string) => onPayload(payload));
    // Every new connection subscribes anew, and what was published before that was missed.
    subscriber.on('ready', () => {
      subscriber
        .subscribe(channel)
        .then(onGap, (error: unknown) => this.logger.warn(`subscribe failed: ${error}`));
    });
  }

  async close(): Promise<void> {
    this.publisher.disconnect();
    this.subscriber?.disconnect();
  }

  private connection(options: RedisOptions): Redis {
    const redis = new Redis(this.url, {
      ...options,
      connectTimeout: 2000,
      retryStrategy: (attempt) => Math.min(attempt * 100, maxBackOffMs),
    });
    // One line an outage, not one a retry.
    let complained = false;
    redis.on('ready', () => (complained = false));
    redis.on('error', (error: Error) => {
      if (!complained) this.logger.warn(`Redis: ${error.message}; live delivery polls until it is back`);
      complained = true;
    });
    return redis;
  }
}
