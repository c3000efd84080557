import type { LogEvent } from '#contracts';
import { ChatLogError } from '../chat-log-error.js';
import type { Page } from '../http/page.js';
import { BackOff } from './back-off.js';
import type { EventSource, SourceListener } from './event-source.js';
import { SkippableWait } from './skippable-wait.js';
import type { StreamHandle, StreamOptions, StreamStatus } from './stream-options.js';

export type FeedPorts = {
  makeSource: (listener: SourceListener) => EventSource;
  /** A page of the log after a seq. */
  readEvents: (after: number, signal: AbortSignal) => Promise<Page<LogEvent>>;
  random: () => number;
};

/**
 * The events of one conversation in order, each exactly once, whatever its source does: what came before is dropped, what is
 * missing is read from the log.
 */
export class EventFeed implements StreamHandle {
  private readonly over = new AbortController();
  private readonly pause = new SkippableWait();
  private readonly source: EventSource;
  private current: StreamStatus = 'connecting';
  private cursor: number;
  private epoch: string | undefined;
  /** The highest seq that was heard of. */
  private known: number;
  private filling = false;
  /** The log is to be looked at, though no higher seq was heard of. */
  private uncertain = false;

  constructor(
    private readonly ports: FeedPorts,
    private readonly options: StreamOptions,
  ) {
    this.cursor = options.after ?? 0;
    this.known = this.cursor;
    this.epoch = options.epoch;
    this.source = ports.makeSource({
      cursor: () => this.cursor,
      epoch: () => this.epoch,
      onOpen: (opening) => this.opened(opening),
      onEvent: (event) => this.receive(event),
      onCaughtUp: (seq) => this.caughtUp(seq),
      onReset: () => this.reset(),
      onRefused: (error) => this.refuse(error),
      onStatus: (status) => this.tell(status),
      onAlive: () => undefined,
      onUncertain: () => this.look(),
    });
  }

  get status(): StreamStatus {
    return this.current;
  }

  get seq(): number {
    return this.cursor;
  }

  start(): this {
    this.source.start();
    return this;
  }

  reconnect(): void {
    this.source.reconnect();
  }

  close(): void {
    if (this.over.signal.aborted) return;
    this.over.abort();
    this.pause.skip();
    this.source.close();
    this.tell('closed');
  }

  private opened({ epoch }: { head: number; epoch: string }): void {
    if (this.epoch !== undefined && this.epoch !== epoch) this.reset();
    else this.epoch = epoch;
  }

  private receive(event: LogEvent): void {
    if (this.over.signal.aborted || event.seq <= this.cursor) return;
    this.known = Math.max(this.known, event.seq);
    // while the log is read, what comes is read with it
    if (this.filling) return;
    if (event.seq === this.cursor + 1) this.deliver(event);
    else void this.fill();
  }

  private deliver(event: LogEvent): void {
    this.cursor = event.seq;
    this.options.onEvent(event);
  }

  private caughtUp(seq: number): void {
    if (!this.over.signal.aborted && this.cursor >= seq) this.options.onCaughtUp?.(seq);
  }

  private look(): void {
    this.uncertain = true;
    void this.fill();
  }

  /** Reads what is missing until nothing is. */
  private async fill(): Promise<void> {
    if (this.filling) return;
    this.filling = true;
    const backOff = new BackOff(this.ports.random);
    const { signal } = this.over;
    while (!signal.aborted && (this.uncertain || this.cursor < this.known)) {
      this.uncertain = false;
      try {
        const { items, next } = await this.ports.readEvents(this.cursor, signal);
        for (const event of items) if (event.seq === this.cursor + 1 && !signal.aborted) this.deliver(event);
        this.uncertain ||= next !== undefined;
        if (items.length > 0) backOff.reset();
        else if (this.cursor < this.known) await this.pause.wait(backOff.next());
      } catch (error) {
        this.uncertain = true;
        if (!this.isOver(error)) await this.pause.wait(backOff.next());
      }
    }
    this.filling = false;
    if (!signal.aborted) this.options.onCaughtUp?.(this.cursor);
  }

  /** No further attempt can mend it. */
  private isOver(error: unknown): boolean {
    if (this.over.signal.aborted) return true;
    if (!(error instanceof ChatLogError) || error.isTransient) return false;
    if (error.code === 'stream_ahead') this.reset();
    else this.refuse(error);
    return true;
  }

  private reset(): void {
    if (this.over.signal.aborted) return;
    this.close();
    this.options.onReset();
  }

  private refuse(error: Error): void {
    if (this.over.signal.aborted) return;
    this.close();
    this.options.onRefused?.(error);
  }

  private tell(status: StreamStatus): void {
    if (status === this.current) return;
    this.current = status;
    this.options.onStatus?.(status);
  }
}
