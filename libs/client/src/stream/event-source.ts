import type { LogEvent } from '#contracts';
import type { StreamStatus } from './stream-options.js';

/** What a source of events tells; repeats and gaps are its reader's to mend. */
export type SourceListener = {
  /** The last seq that the reader has: where to go on. */
  cursor(): number;
  /** The history of the cursor; undefined: whatever there is. */
  epoch(): string | undefined;
  onOpen(opening: { head: number; epoch: string }): void;
  onEvent(event: LogEvent): void;
  onCaughtUp(seq: number): void;
  onReset(): void;
  onRefused(error: Error): void;
  onStatus(status: StreamStatus): void;
  /** The source lives, though nothing happens. */
  onAlive(): void;
  /** Events may have been missed: the log is to be looked at. */
  onUncertain(): void;
};

/** Where events come from: the server, or another tab. */
export type EventSource = {
  start(): void;
  /** Tries at once instead of waiting. */
  reconnect(): void;
  close(): void;
};
