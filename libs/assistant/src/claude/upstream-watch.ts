import { ModelCallError } from './model-call-error.js';

/** Pings alone keep a call alive for so many idle times: a model that thinks long pings, one that hangs may too. */
const pingOnlyFactor = 10;

/**
 * Ends a call whose stream has gone silent. Bytes count, not events: the SDK swallows pings, and they are how the API
 * says that it is still there. Only the time that the caller waits for the next event is measured, so a slow caller is
 * no silence.
 */
export class UpstreamWatch {
  private lastByteAt = performance.now();

  constructor(private readonly idleMs: number) {}

  /** `fetch` whose response body reports each chunk to this watch. */
  readonly fetch: typeof globalThis.fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    this.touch();
    if (!response.ok || response.body === null) return response;
    const counted = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          this.touch();
          controller.enqueue(chunk);
        },
      }),
    );
    return new Response(counted, { status: response.status, headers: response.headers });
  };

  /** Waits for `next`; throws `upstream_idle` if the stream stays silent too long, or `aborted` when `signal` fires. */
  async await<T>(next: Promise<T>, signal: AbortSignal, idleMs = this.idleMs): Promise<T> {
    const begunAt = performance.now();
    this.touch();
    let timer: NodeJS.Timeout | undefined;
    let onAbort: (() => void) | undefined;
    const ended = new Promise<never>((_, reject) => {
      const check = (): void => {
        const now = performance.now();
        const left = Math.min(this.lastByteAt + idleMs, begunAt + idleMs * pingOnlyFactor) - now;
        if (left > 0) timer = setTimeout(check, Math.ceil(left));
        else
          reject(new ModelCallError('upstream_idle', `nothing came from the model for ${idleMs} ms`, true));
      };
      onAbort = () => reject(new ModelCallError('aborted', 'the call was stopped', false));
      timer = setTimeout(check, idleMs);
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([next, ended]);
    } finally {
      clearTimeout(timer);
      if (onAbort) signal.removeEventListener('abort', onAbort);
    }
  }

  private touch(): void {
    this.lastByteAt = performance.now();
  }
}
