import { newId } from '#model';
import { ChatLogError } from '../chat-log-error.js';
import { readFrames } from '../stream/read-frames.js';
import { failureOf } from './failure-of.js';
import { neighbours, type Page } from './page.js';
import type { QueryParameters, RequestOptions, WriteOptions } from './request-options.js';

/** How long an answer may take. The server's own longest is a verification, 25 s. */
const TIMEOUT_MS = 30_000;

export type TransportOptions = {
  baseUrl: string;
  /** Sent as `Authorization: Bearer`. */
  token?: string;
  fetch: typeof fetch;
  timeoutMs?: number;
};

type Sent = RequestOptions & {
  method?: string;
  query?: QueryParameters;
  headers?: Record<string, string>;
  body?: unknown;
};

type Linked<T> = { value: T; next?: string; previous?: string };

/** One HTTP request: its URL and headers, its time limit, and its failure as a `ChatLogError`. */
export class Transport {
  private readonly timeoutMs: number;

  constructor(private readonly options: TransportOptions) {
    this.timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /** The absolute address of a path, for links and frames. */
  urlOf(path: string, query: QueryParameters = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) search.set(name, String(value));
    }
    const text = search.toString();
    return `${this.options.baseUrl}${path}${text === '' ? '' : `?${text}`}`;
  }

  async get<T>(path: string, query: QueryParameters, { signal }: RequestOptions = {}): Promise<T> {
    return this.whole(path, { query, signal }, (response) => response.json() as Promise<T>);
  }

  getText(path: string, query: QueryParameters, { signal }: RequestOptions = {}): Promise<string> {
    return this.whole(path, { query, signal }, (response) => response.text());
  }

  async list<T>(path: string, query: QueryParameters, options?: RequestOptions): Promise<Page<T>> {
    const { value: items, ...cursors } = await this.getLinked<T[]>(path, query, options);
    return { items, ...cursors };
  }

  /** An answer with the cursors of its `Link` header. */
  getLinked<T>(path: string, query: QueryParameters, { signal }: RequestOptions = {}): Promise<Linked<T>> {
    return this.whole(path, { query, signal }, async (response) => ({
      value: (await response.json()) as T,
      ...neighbours(response.headers.get('Link')),
    }));
  }

  /** A write, with an idempotency key. Gives undefined where the answer has no body. */
  async write<T>(method: string, path: string, body: unknown, options: WriteOptions = {}): Promise<T> {
    const { signal, idempotencyKey = newId() } = options;
    const sent = { method, body, signal, headers: { 'Idempotency-Key': idempotencyKey } };
    return this.whole(path, sent, async (response) => {
      const text = await response.text();
      return (text === '' ? undefined : JSON.parse(text)) as T;
    });
  }

  /**
   * The answer once its headers are there; its body is the caller's to read and to end. `timeoutMs` is for the headers.
   * @throws ChatLogError, or the reason of `signal`
   */
  async open(path: string, sent: Sent, limit: AbortSignal): Promise<Response> {
    const { method = 'GET', query, headers = {}, body } = sent;
    const { token } = this.options;
    let response: Response;
    try {
      response = await this.options.fetch(this.urlOf(path, query), {
        method,
        headers: {
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        credentials: 'same-origin',
        signal: limit,
      });
    } catch (error) {
      throw noAnswer(error, limit);
    }
    if (response.ok) return response;
    let failure: ChatLogError;
    try {
      failure = await failureOf(response);
    } catch (error) {
      throw noAnswer(error, limit);
    }
    throw failure;
  }

  /** Reads an event stream to its end. @throws ChatLogError, or the reason of `signal` */
  async follow(
    path: string,
    signal: AbortSignal,
    onFrame: (event: string, data: string) => void,
  ): Promise<void> {
    const response = await this.open(path, { headers: { Accept: 'text/event-stream' } }, signal);
    try {
      const listener = { onFrame, onRetry: () => undefined, onBytes: () => undefined };
      if (response.body) await readFrames(response.body, listener);
    } catch (error) {
      throw noAnswer(error, signal);
    }
  }

  /** Reads the whole answer within the time limit. */
  private async whole<T>(path: string, sent: Sent, read: (response: Response) => Promise<T>): Promise<T> {
    const limits = [AbortSignal.timeout(this.timeoutMs), ...(sent.signal ? [sent.signal] : [])];
    const limit = AbortSignal.any(limits);
    const response = await this.open(path, sent, limit);
    try {
      return await read(response);
    } catch (error) {
      if (limit.aborted || !(error instanceof SyntaxError)) throw noAnswer(error, limit);
      const details = { code: 'invalid_answer', status: response.status, cause: error };
      throw new ChatLogError('The answer is no JSON: is this address the chat log?', details);
    }
  }
}

/** A cancelled request throws the caller's reason; any other failure is a `ChatLogError`. */
function noAnswer(error: unknown, limit: AbortSignal): unknown {
  if (limit.aborted) {
    const { reason } = limit as { reason: unknown };
    if (!(reason instanceof Error) || reason.name !== 'TimeoutError') return reason;
    return new ChatLogError('The server did not answer in time.', { code: 'timed_out', cause: reason });
  }
  return new ChatLogError('The server cannot be reached.', { code: 'network', cause: error });
}
