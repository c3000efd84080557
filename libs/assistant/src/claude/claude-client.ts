import Anthropic from '@anthropic-ai/sdk';
import { setTimeout as sleep } from 'node:timers/promises';
import { classifyError } from './classify-error.js';
import { ModelCallError } from './model-call-error.js';
import { modelFetch } from './model-fetch.js';
import { ModelStream } from './model-stream.js';
import { UpstreamWatch } from './upstream-watch.js';

/** One raw streaming event, exactly as parsed from the wire. */
export type RawEvent = { type: string; [field: string]: unknown };

/** The body of a request; `stream` is added by the client. */
export type ModelRequest = {
  model: string;
  max_tokens: number;
  messages: unknown[];
  [field: string]: unknown;
};

/** Where a client calls, and how patient it is. Times in milliseconds. */
export type ClaudeClientOptions = {
  apiKey: string;
  /** Default: the SDK's, Anthropic's own. */
  baseUrl?: string;
  /** How long the stream may be silent, pings not being silence. */
  idleMs: number;
  /** Tries after the first that failed before its first event. Default 2. */
  maxRetries?: number;
  /** The first back-off; it doubles, with up to 25 % of jitter. Default 500. */
  retryDelayMs?: number;
};

/** A server that asks for a longer pause than this before a retry gets none: the person decides. */
const longestRetryAfterMs = 30_000;

/**
 * Calls the Messages API through the official SDK.
 * Guarantee: a call that gave its first event is never made again; before that it is retried at most `maxRetries`
 * times, and only if the failure may pass.
 */
export class ClaudeClient {
  constructor(private readonly options: ClaudeClientOptions) {}

  /**
   * The raw events of one answer, in order and unchanged (pings are not events), ending after `message_stop`.
   * Breaking out of the iteration or aborting `signal` closes the connection.
   * @throws ModelCallError when there is no whole answer
   */
  async *stream(request: ModelRequest, signal: AbortSignal): AsyncGenerator<RawEvent, void, undefined> {
    const { answer, first } = await this.begin(request, signal);
    try {
      for (let event = first; event !== null; event = await answer.next()) yield event;
    } catch (error) {
      throw classifyError(error, true);
    } finally {
      answer.close();
    }
  }

  /** Calls until a first event has come. */
  private async begin(
    request: ModelRequest,
    signal: AbortSignal,
  ): Promise<{ answer: ModelStream; first: RawEvent | null }> {
    const { maxRetries = 2 } = this.options;
    for (let retries = 0; ; retries++) {
      let answer: ModelStream | null = null;
      try {
        answer = await this.call(request, signal);
        return { answer, first: await answer.next() };
      } catch (error) {
        answer?.close();
        const failure = classifyError(error, false);
        if (retries >= maxRetries || !this.mayRetry(failure)) throw failure;
        await this.backOff(retries, failure, signal);
      }
    }
  }

  private mayRetry(failure: ModelCallError): boolean {
    return failure.retryable && (failure.retryAfterMs ?? 0) <= longestRetryAfterMs;
  }

  private async backOff(retries: number, failure: ModelCallError, signal: AbortSignal): Promise<void> {
    const { retryDelayMs = 500 } = this.options;
    const delay = failure.retryAfterMs ?? retryDelayMs * 2 ** retries;
    await sleep(delay * (1 + Math.random() * 0.25), undefined, { signal }).catch(() => {
      throw new ModelCallError('aborted', 'the call was stopped', false);
    });
  }

  private call(request: ModelRequest, signal: AbortSignal): Promise<ModelStream> {
    const watch = new UpstreamWatch(this.options.idleMs, signal);
    // Retries are counted in one place, here: the SDK makes none of its own.
    const sdk = new Anthropic({
      apiKey: this.options.apiKey,
      authToken: null,
      ...(this.options.baseUrl === undefined ? {} : { baseURL: this.options.baseUrl }),
      maxRetries: 0,
      timeout: this.options.idleMs,
      logLevel: 'off',
      fetch: modelFetch(watch.onBytes),
    });
    return ModelStream.open(sdk, request, watch);
  }
}
