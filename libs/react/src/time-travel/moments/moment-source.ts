import type { ConversationAt, ConversationTimelineResource } from '#contracts';
import type { LoggedEvent } from '#model';

/** A state as the server gives it, and the cursor of the messages before those that it holds. */
export type GivenState = { state: ConversationAt; prev?: string };

/** Which messages of a state: the newest `limit`, or those before a cursor. */
export type StatePageRequest = { limit: number; before?: string; signal?: AbortSignal };

/** Where moments come from: one conversation, read from a server. Every call may reject, and stops when its signal aborts. */
export type MomentSource = {
  timeline(signal?: AbortSignal): Promise<ConversationTimelineResource>;
  state(at: number, request: StatePageRequest): Promise<GivenState>;
  /** The events after `after`, oldest first, up to `upTo` or the head; never fewer because a page of the server was full. */
  events(after: number, upTo: number, signal?: AbortSignal): Promise<LoggedEvent[]>;
};
