import type { Conversation, Message } from '#contracts';
import type { ChatLogError, StreamStatus } from '#client';

/** `conversationId`: that one, whatever project it is of; else the newest of the project. */
export type UseConversationOptions = { conversationId?: string | null };

/** What a turn is asked with. `parentId`: the message that the prompt follows; the selected leaf when absent. */
export type SendOptions = { parentId?: string | null; model?: string };

/** The active conversation and all that can be done with it. Functions keep their identity. */
export type UseConversationResult = {
  conversation: Conversation | null;
  conversationId: string | null;
  /** Nothing can be shown yet: neither read nor remembered. */
  loading: boolean;
  error: ChatLogError | null;
  /** The open turn. */
  turn: Conversation['turn'] | null;
  isStreaming: boolean;
  connection: StreamStatus;

  /** Starts a conversation in the project and makes it the active one. */
  createConversation: (title?: string) => Promise<Conversation>;
  /** Into the trash; `restore` undoes it. */
  deleteConversation: (id?: string) => Promise<void>;
  /** Reads it anew. */
  refreshConversation: () => Promise<void>;
  /** Makes another one active; null: the newest of the project. */
  openConversation: (id: string | null) => void;

  /** Into the outbox: it is kept, and sent again with the same key, until the server has it or refuses it. Starts a conversation where there is none. */
  send: (prompt: string, options?: SendOptions) => Promise<void>;
  /** Ends the open turn; what was written stays. */
  stop: () => Promise<void>;
  /** Asks again with another text in that message's place: a new branch beside the old one. */
  edit: (messageId: string, prompt: string) => Promise<void>;
  /** A new answer beside the old one. */
  regenerate: (messageId: string, options?: { model?: string }) => Promise<void>;
  /** A new conversation that goes on after `at`, the head when absent. It is not made active. */
  fork: (options?: { at?: number; withProject?: boolean }) => Promise<Conversation>;
  rename: (title: string) => Promise<void>;
  archive: (archived?: boolean) => Promise<void>;
  trash: () => Promise<void>;
  restore: () => Promise<void>;
  /** Shows the sibling so many places on (-1: the one before), with what follows it. */
  selectSibling: (message: Message, step: number) => Promise<void>;
};
