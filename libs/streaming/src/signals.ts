import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EventLog } from '#event-log';
import { CONFIG, Database, type Config } from '#platform';
import { HeadPoll } from './head-poll.js';
import { NotifyTransport } from './notify-transport.js';
import { RedisTransport } from './redis-transport.js';
import { decodeSignals } from './signal-payload.js';
import { SignalPublisher } from './signal-publisher.js';
import type { SignalTransport } from './signal-transport.js';
import { Watchers, type GrownListener } from './watchers.js';

const subscribeAgainMs = 1000;

/**
 * Tells the readers of this process which streams have grown, whoever wrote: this process (at once), another one
 * (Redis pub/sub where there is Redis, else LISTEN/NOTIFY), or nobody who said so (found by the poll within `pollMs`).
 * A signal is a hint that something up to `seq` is committed: readers read the log.
 */
@Injectable()
export class Signals implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger('Signals');
  private readonly watchers = new Watchers();
  private readonly transport: SignalTransport;
  private readonly publisher: SignalPublisher;
  private readonly poll: HeadPoll;
  private stopHearing: (() => void) | null = null;
  private subscribed = false;
  private closed = false;

  constructor(
    @Inject(CONFIG) config: Config,
    database: Database,
    private readonly log: EventLog,
  ) {
    this.transport = config.redisUrl ? new RedisTransport(config.redisUrl) : new NotifyTransport(database);
    this.publisher = new SignalPublisher(this.transport);
    this.poll = new HeadPoll(
      config.pollMs,
      () => this.watchers.streamIds(),
      (streamIds) => log.heads(streamIds),
      (streamId, seq) => this.watchers.signal(streamId, seq),
    );
  }

  onModuleInit(): void {
    this.stopHearing = this.log.onCommitted((streamId, seq) => {
      this.watchers.signal(streamId, seq);
      this.publisher.add(streamId, seq);
    });
  }

  /**
   * Calls back with a seq that the stream has reached, for everything committed after this call: at least for the newest,
   * sooner or later; possibly twice, late, or out of order. The result ends it.
   */
  watch(streamId: string, onGrown: GrownListener): () => void {
    const end = this.watchers.add(streamId, onGrown);
    this.poll.start();
    if (!this.subscribed) void this.subscribe();
    return end;
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    this.stopHearing?.();
    this.publisher.close();
    this.poll.close();
    await this.transport.close();
  }

  /** Not before somebody watches: a process without readers needs no connection for it. */
  private async subscribe(): Promise<void> {
    this.subscribed = true;
    while (!this.closed) {
      try {
        await this.transport.subscribe(
          (payload) => this.hear(payload),
          () => void this.poll.now(),
        );
        break;
      } catch (error) {
        this.logger.warn(`signals are not heard, readers poll: ${error}`);
        await sleep(subscribeAgainMs, null, { ref: false });
      }
    }
    // It may have been closed while the connection was made.
    if (this.closed) await this.transport.close();
  }

  private hear(payload: string): void {
    const signals = decodeSignals(payload);
    if (!signals) return this.logger.warn('a signal of another format was left aside');
    for (const { streamId, seq } of signals) this.watchers.signal(streamId, seq);
  }
}
