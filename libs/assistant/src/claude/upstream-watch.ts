import { ModelCallError } from './model-call-error.js';

/** Pings alone keep a call alive for so many idle times: a model that thinks long pings, one that hangs may too. */
const pingOnlyFactor = 10;

/**
 * Ends a call whose stream has gone silent, or whose caller stops it. Bytes count, not events: the SDK swallows pings, and they are how
 * the API says that it is still there. Only the time that the caller waits for the next event is measured, so a slow caller is no
 * silence. One timer a call: a delta costs two readings of the clock.
 */
export class UpstreamWatch {
  private readonly call = new AbortController();
  private ended: ModelCallError | null = null;
  private lastByteAt = 0;
  /** Null: the caller does not wait. */
  private waitsSince: number | null = null;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private idleMs: number,
    private readonly stop: AbortSignal,
  ) {
    if (stop.aborted) this.onStop();
    else stop.addEventListener('abort', this.onStop, { once: true });
  }

  /** Aborted when the call is to end, for whatever reason. */
  get signal(): AbortSignal {
    return this.call.signal;
  }

  /** Why this watch ended the call: `upstream_idle`, or `aborted`. Null: it did not. */
  get reason(): ModelCallError | null {
    return this.ended;
  }

  readonly onBytes = (): void => {
    this.lastByteAt = performance.now();
  };

  /** The caller begins to wait. @throws the reason, when the call has ended */
  begin(): void {
    if (this.ended) throw this.ended;
    this.lastByteAt = this.waitsSince = performance.now();
    this.timer ??= setTimeout(this.check, this.idleMs);
  }

  /** The caller has what it waited for. @throws the reason, when the call has ended */
  end(): void {
    this.waitsSince = null;
    if (this.ended) throw this.ended;
  }

  /** From now on the stream may be silent for so long only. */
  hurry(idleMs: number): void {
    this.idleMs = idleMs;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Ends the connection, whatever ended the call. */
  close(): void {
    clearTimeout(this.timer);
    this.stop.removeEventListener('abort', this.onStop);
    this.call.abort();
  }

  private readonly check = (): void => {
    this.timer = undefined;
    if (this.waitsSince === null) return;
    const { idleMs, lastByteAt, waitsSince } = this;
    const left = Math.min(lastByteAt + idleMs, waitsSince + idleMs * pingOnlyFactor) - performance.now();
    if (left > 0) this.timer = setTimeout(this.check, Math.ceil(left));
    else
      this.endWith(new ModelCallError('upstream_idle', `nothing came from the model for ${idleMs} ms`, true));
  };

  private readonly onStop = (): void =>
    this.endWith(new ModelCallError('aborted', 'the call was stopped', false));

  private endWith(reason: ModelCallError): void {
    this.ended ??= reason;
    this.call.abort();
  }
}
