/**
 * Why a model call gave no whole answer. The codes are stable: they are stored in `TurnFailed` and `TurnInterrupted`,
 * and clients choose their words by them.
 */
export type ModelErrorCode =
  /** The API is overloaded (529, `overloaded_error`). */
  | 'overloaded'
  /** Too many requests or tokens (429). */
  | 'rate_limited'
  /** The API refused the request (400, 404, 413, 422). */
  | 'invalid_request'
  /** The key is missing, wrong or may not do this (401, 403), or has no credit (402). */
  | 'authentication'
  /** No connection. */
  | 'upstream_unavailable'
  /** Connected, but nothing came for `upstreamIdleMs`. */
  | 'upstream_idle'
  /** The API failed inside (5xx, or an `error` event). */
  | 'upstream_error'
  /** The stream ended without `message_stop`. */
  | 'stream_truncated'
  /** The stream cannot be read: no JSON, or events in an order that makes no message. */
  | 'stream_invalid'
  /** The caller's signal stopped it. */
  | 'aborted';

/** A model call that gave no whole answer. */
export class ModelCallError extends Error {
  constructor(
    readonly code: ModelErrorCode,
    detail: string,
    /** Whether the same request may succeed a little later. */
    readonly retryable: boolean,
    /** What the API asked to wait before that, milliseconds. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(detail);
    this.name = 'ModelCallError';
  }
}
