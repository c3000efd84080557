import type { Problem } from '#contracts';

/** Codes of failures that no server has told of. */
export type LocalErrorCode =
  /** Nothing answered: the outcome of a write is unknown. */
  | 'network'
  /** No answer in time: the outcome of a write is unknown. */
  | 'timed_out'
  /** What answered is not this service. */
  | 'invalid_answer';

type Details = {
  /** The server's stable code, or one of `LocalErrorCode`. */
  code: string;
  /** The HTTP status; 0 where there was no answer. */
  status?: number;
  requestId?: string;
  field?: string;
  retryAfterMs?: number;
  problem?: Problem;
  cause?: unknown;
};

/**
 * Every failure of a request but its cancellation by the caller: decide by `code`, show `message`. Thrown by all methods
 * of `ChatLogClient`.
 */
export class ChatLogError extends Error {
  readonly code: string;
  readonly status: number;
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** The field, parameter or header to blame. */
  readonly field: string | undefined;
  /** When the server asks to come back. */
  readonly retryAfterMs: number | undefined;
  /** The server's whole problem answer; details of a refusal stand in it. */
  readonly problem: Problem | undefined;

  constructor(message: string, details: Details) {
    super(message, { cause: details.cause });
    this.name = 'ChatLogError';
    this.code = details.code;
    this.status = details.status ?? 0;
    this.requestId = details.requestId;
    this.field = details.field;
    this.retryAfterMs = details.retryAfterMs;
    this.problem = details.problem;
  }

  /**
   * The same request with the same key may succeed later: no answer, an overload, a server that stops or starts. What is
   * wrong with the request itself stays wrong.
   */
  get isTransient(): boolean {
    return this.status === 0 ? this.code !== 'invalid_answer' : this.status === 429 || this.status >= 500;
  }
}
