import type { NewTurn } from '../resources/turns.api.js';

/** A prompt on its way. `key` is its idempotency key: however often it is sent, it is asked once. */
export type OutboxEntry = {
  key: string;
  /** Null: it starts a conversation, in the project. */
  conversationId: string | null;
  projectId: string | null;
  turn: NewTurn;
  /**
   * `waiting` for its first or next attempt; `sending`; `accepted`: the server has it, and the stream will show it in a
   * moment; `refused` for good: its text is the person's again.
   */
  status: 'waiting' | 'sending' | 'accepted' | 'refused';
  attempts: number;
  /** Where the log has it, once it is accepted. */
  seq?: number;
  /** Why the last attempt failed. */
  error?: { code: string; message: string };
  /** ISO 8601, by this machine's clock. */
  createdAt: string;
};
