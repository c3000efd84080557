/** A log event as a client sees it, in `events` and in a stream alike. */
export type StreamEvent = {
  seq: number;
  type: string;
  at: string;
  data: unknown;
  metadata: Record<string, unknown>;
};

/**
 * One thing that a reader of a stream is told.
 * Only `event` frames carry an id (their seq): whatever a client resumes with is a position in the log.
 */
export type Frame =
  /** Always the first frame: reading starts after `from`; the log ended at `head` when it was opened. */
  | { kind: 'stream_open'; from: number; head: number; epoch: string }
  /** `json` is the event, serialised once: its bytes are the same live, resumed and replayed.
   * `schemaVersion` is for those who fold it here: clients are not told. */
  | { kind: 'event'; event: StreamEvent; json: string; schemaVersion: number }
  /** Sent once, when everything up to the `head` of `stream_open` has been sent. */
  | { kind: 'caught_up'; seq: number }
  /**
   * The client's cursor belongs to another history, or the log was restored to an earlier time while it followed: it must
   * fetch anew. The stream ends after it.
   */
  | { kind: 'reset'; head: number; epoch: string }
  /** The server is stopping: come back after `retryMs`. The stream ends after it. */
  | { kind: 'closing'; retryMs: number }
  | { kind: 'ping' };
