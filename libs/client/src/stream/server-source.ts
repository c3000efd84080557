import type { LogEvent } from '#contracts';
import { ChatLogError } from '../chat-log-error.js';
import type { Environment } from '../environment/environment.js';
import type { Transport } from '../http/transport.js';
import { BackOff } from './back-off.js';
import type { EventSource, SourceListener } from './event-source.js';
import { readFrames } from './read-frames.js';
import { SkippableWait } from './skippable-wait.js';

/** A server says something at least every 15 s: one that is silent for that long is gone, and the connection with it. */
export const SILENCE_MS = 15_000;

export type ServerSourcePorts = { transport: Transport; environment: Environment; path: string };

/** One connection after another to the server's stream, each going on where the reader is, until it is closed. */
export class ServerSource implements EventSource {
  private readonly backOff: BackOff;
  private readonly over = new AbortController();
  private connection: AbortController | null = null;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  private wasOffline = false;
  /** The next attempt is not waited for. */
  private isUrgent = false;
  private readonly pause = new SkippableWait();
  private askedWait = 0;

  constructor(
    private readonly ports: ServerSourcePorts,
    private readonly listener: SourceListener,
  ) {
    this.backOff = new BackOff(ports.environment.random);
  }

  start(): void {
    void this.run();
  }

  /** A connection that lives is left alone. */
  reconnect(): void {
    this.backOff.reset();
    this.pause.skip();
  }

  close(): void {
    this.over.abort();
    this.connection?.abort();
    this.pause.skip();
  }

  private async run(): Promise<void> {
    const { environment } = this.ports;
    const stopListening = environment.onWake(() => this.woken());
    this.listener.onStatus('connecting');
    while (!this.over.signal.aborted) {
      const refusal = await this.connect();
      if (this.over.signal.aborted) break;
      if (refusal) {
        this.close();
        this.listener.onStatus('closed');
        this.listener.onRefused(refusal);
        break;
      }
      await this.wait();
    }
    stopListening();
  }

  /** One connection to its end. Gives the error that no further attempt can mend. */
  private async connect(): Promise<Error | null> {
    const connection = new AbortController();
    this.connection = connection;
    this.askedWait = 0;
    this.heard();
    try {
      const response = await this.ports.transport.open(
        this.ports.path,
        {
          headers: { Accept: 'text/event-stream' },
          query: { after: this.listener.cursor(), epoch: this.listener.epoch() },
        },
        connection.signal,
      );
      if (!response.body) throw new ChatLogError('The stream has no body.', { code: 'invalid_answer' });
      await readFrames(response.body, {
        onBytes: () => this.heard(),
        onRetry: (ms) => (this.askedWait = ms),
        onFrame: (event, data) => this.frame(event, data),
      });
      return null;
    } catch (error) {
      return this.refusalIn(error);
    } finally {
      clearTimeout(this.silence);
      connection.abort();
      this.connection = null;
    }
  }

  private refusalIn(error: unknown): Error | null {
    if (!(error instanceof ChatLogError)) return null;
    if (error.code === 'stream_ahead') {
      this.listener.onReset();
      return null;
    }
    this.askedWait = error.retryAfterMs ?? 0;
    return error.isTransient ? null : error;
  }

  private frame(event: string, data: string): void {
    if (this.over.signal.aborted) return;
    const content: unknown = JSON.parse(data);
    if (event === 'stream_open') {
      this.backOff.reset();
      this.listener.onStatus('live');
      this.listener.onOpen(content as { head: number; epoch: string });
    } else if (event === 'caught_up') this.listener.onCaughtUp((content as { seq: number }).seq);
    else if (event === 'reset') this.listener.onReset();
    else if (event !== 'closing') this.listener.onEvent(content as LogEvent);
  }

  /** Something came: the next 15 s are granted. */
  private heard(): void {
    this.listener.onAlive();
    this.heardAt = Date.now();
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.connection?.abort(), SILENCE_MS);
  }

  private async wait(): Promise<void> {
    const { environment } = this.ports;
    if (this.isUrgent) {
      this.isUrgent = false;
      return;
    }
    const online = environment.isOnline();
    this.listener.onStatus(online ? 'waiting' : 'offline');
    // offline, the browser says when to come back; that it never does is not relied on
    await this.pause.wait(this.backOff.next(this.askedWait));
    if (!this.over.signal.aborted) this.listener.onStatus('connecting');
  }

  /** The page is looked at again, or the network is back. */
  private woken(): void {
    const { environment } = this.ports;
    if (!environment.isOnline()) this.wasOffline = true;
    if (!environment.isVisible() || !environment.isOnline()) return;
    // a network that went took its connections along; and timers stand still while a machine sleeps
    const isDoubtful = this.wasOffline || Date.now() - this.heardAt >= SILENCE_MS;
    this.wasOffline = false;
    if (isDoubtful && this.connection) {
      this.isUrgent = true;
      this.connection.abort();
    }
    this.reconnect();
  }
}
