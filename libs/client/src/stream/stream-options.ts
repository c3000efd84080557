import type { LogEvent } from '#contracts';

/**
 * How a stream stands: `connecting` for the first time; `live`; `waiting` for the next attempt; `shared` where another tab
 * reads it for this one; `polling` where the browser has no connection to spare and the log is looked at every 2 s; `offline` while the browser says so; `closed` for good.
 */
export type StreamStatus = 'connecting' | 'live' | 'shared' | 'polling' | 'waiting' | 'offline' | 'closed';

/** What a reader of a stream is told. None of these may throw. */
export type StreamListener = {
  /** Each event after the cursor, in order, exactly once. */
  onEvent(event: LogEvent): void;
  /** Everything that was in the log when the stream was opened has been told. */
  onCaughtUp?(seq: number): void;
  /** The history is another one: what was read may never have happened. The stream is closed; read anew. */
  onReset(): void;
  onStatus?(status: StreamStatus): void;
  /** The conversation cannot be read (403, 404 …). The stream is closed. */
  onRefused?(error: Error): void;
};

/** Where a stream begins. */
export type StreamOptions = StreamListener & {
  /** The last seq that the reader has; 0 for all. */
  after?: number;
  /** The history that `after` belongs to, as a conversation carries it. */
  epoch?: string;
};

/** A stream that is being read. It comes back by itself until it is closed. */
export type StreamHandle = {
  readonly status: StreamStatus;
  /** The seq of the last event that was told. */
  readonly seq: number;
  /** Tries at once instead of waiting. */
  reconnect(): void;
  close(): void;
};
