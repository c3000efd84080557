import type { LogEvent } from '#contracts';
import type { StreamStatus } from '../stream-options.js';

/** What the tab that reads a stream tells the others, and (the last two) what they ask of it. */
export type TabMessage =
  | { kind: 'open'; head: number; epoch: string }
  | { kind: 'event'; event: LogEvent }
  | { kind: 'caught_up'; seq: number }
  | { kind: 'reset' }
  | { kind: 'status'; status: StreamStatus; isVisible: boolean }
  /** The reader lives, though nothing happens. */
  | { kind: 'alive' }
  /** The reader has no connection, and has just looked at the log. */
  | { kind: 'look' }
  | { kind: 'hello' }
  | { kind: 'reconnect' };

/** Tabs of one release understand each other; those of another use other names. */
const VERSION = 'v1';

/** What tabs share the stream of a conversation under. */
export function sharedName(baseUrl: string, what: string): string {
  return `chatlog/${VERSION}/${baseUrl}/${what}`;
}
