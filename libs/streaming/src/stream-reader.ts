import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { EventLog } from '#event-log';
import { CONFIG, metrics, type Config } from '#platform';
import { StreamAhead, StreamNotFound } from './errors.js';
import { Following } from './following.js';
import type { Frame } from './frame.js';
import { Signals } from './signals.js';
import { Watch } from './watch.js';

/** Where a client goes on, and what ends it. */
export type FollowOptions = {
  /** The last seq that the client has; 0 for all. */
  after: number;
  /** The history that the cursor belongs to, where the client knows it. */
  epoch?: string;
  /** Ends the following. */
  signal?: AbortSignal;
};

/** A client that comes back sooner finds the server still stopping. */
const retryMs = 1000;

/**
 * Follows one stream: everything after a cursor, in order, nothing twice, nothing left out, and then live.
 * For every k, what was sent up to k and what a resume after k sends are together the same bytes as one unbroken read.
 */
@Injectable()
export class StreamReader implements OnModuleDestroy {
  private readonly watches = new Set<Watch>();
  private stopping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly log: EventLog,
    private readonly signals: Signals,
  ) {}

  /**
   * Checks the cursor, then gives the frames: what cannot be followed is refused before the first byte is sent.
   * @throws StreamNotFound, StreamAhead (not where the epoch is another: then `reset` is the answer)
   */
  async open(streamId: string, options: FollowOptions): Promise<AsyncIterable<Frame>> {
    await this.position(streamId, options);
    return this.follow(streamId, options);
  }

  /**
   * The frames, pulled by the consumer: while it does not pull, nothing is read and nothing piles up. Subscribes
   * first, then reads the log after the cursor, then waits for signals; holds no connection while it waits.
   * @throws as `open`; what a read of the log throws when it fails: the client resumes after its last event
   */
  async *follow(streamId: string, options: FollowOptions): AsyncGenerator<Frame, void, undefined> {
    const watch = new Watch();
    const endWatch = this.signals.watch(streamId, (seq) => watch.signal(seq));
    const wake = (): void => watch.wake();
    this.watches.add(watch);
    metrics.readers.set(this.watches.size);
    options.signal?.addEventListener('abort', wake);
    try {
      const { head, epoch } = await this.position(streamId, options);
      yield { kind: 'stream_open', from: options.after, head, epoch };
      if (options.epoch !== undefined && options.epoch !== epoch) {
        yield { kind: 'reset', head, epoch };
        return;
      }
      const over = (): boolean => this.stopping || options.signal?.aborted === true;
      const { pingMs, streamBufferBytes: pageBytes } = this.config;
      const opening = { streamId, epoch, head, after: options.after };
      const ports = { log: this.log, watch, over, onLive: timeDelivery, pingMs, pageBytes };
      yield* new Following(opening, ports).frames();
      if (this.stopping) yield { kind: 'closing', retryMs };
    } finally {
      options.signal?.removeEventListener('abort', wake);
      this.watches.delete(watch);
      metrics.readers.set(this.watches.size);
      endWatch();
    }
  }

  /** Ends every following with a hint to come back. */
  onModuleDestroy(): void {
    this.stopping = true;
    for (const watch of this.watches) watch.wake();
  }

  private async position(streamId: string, options: FollowOptions): Promise<{ head: number; epoch: string }> {
    const epoch = await this.log.epoch();
    const head = await this.log.head(streamId);
    if (head === 0) throw new StreamNotFound(streamId);
    const sameHistory = options.epoch === undefined || options.epoch === epoch;
    if (sameHistory && options.after > head) throw new StreamAhead(options.after, head);
    return { head, epoch };
  }
}

/** By this machine's clock against the database's: where the two differ, so do the figures. */
function timeDelivery(recordedAt: string): void {
  metrics.deliverySeconds.observe(Math.max(0, Date.now() - Date.parse(recordedAt)) / 1_000);
}
