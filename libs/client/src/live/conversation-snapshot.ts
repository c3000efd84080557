import type { Conversation, Message } from '#contracts';
import type { InFlight, TurnState } from '#model';
import type { ChatLogError } from '../chat-log-error.js';
import type { StreamStatus } from '../stream/stream-options.js';

/** A conversation as this page knows it. Each change makes a new one; what did not change keeps its identity. */
export type ConversationSnapshot = {
  /** `remembered`: from an earlier visit, and not read yet; `refused`: it cannot be read, `error` says why. */
  status: 'loading' | 'remembered' | 'ready' | 'refused';
  /** Why it could not be read; while `loading` it is tried again. */
  error: ChatLogError | null;
  /** The same object while nothing but its `seq` changes. */
  conversation: Conversation | null;
  /** The last event that is in it. */
  seq: number;
  /** The newest messages of the selected branch, oldest first. */
  messages: readonly Message[];
  /** The same, but that the one that is being written is as it began: deltas change nothing here. */
  settled: readonly Message[];
  /** The cursor of the messages before these. */
  previous: { at: number; before: string } | undefined;
  /** The newest turn, open or ended. */
  turn: TurnState | null;
  /** The answer that is being written. */
  inFlight: InFlight | null;
  connection: StreamStatus;
};

/** Before anything is known. */
export const emptySnapshot: ConversationSnapshot = {
  status: 'loading',
  error: null,
  conversation: null,
  seq: 0,
  messages: [],
  settled: [],
  previous: undefined,
  turn: null,
  inFlight: null,
  connection: 'connecting',
};
