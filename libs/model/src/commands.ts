import type { JsonValue } from '#contracts';
import type { DomainEvent } from './events.js';
import type { MessageRole, StreamingStatus } from './state.js';

/**
 * What anyone can ask of a conversation. New ids are the caller's: the same command, repeated, names the same ids.
 * Shapes and texts were checked at the wire; `decide` checks what depends on the conversation.
 */
export type ConversationCommand =
  | StartConversation
  | { type: 'renameConversation'; title: string }
  | { type: 'archiveConversation' }
  | { type: 'unarchiveConversation' }
  | { type: 'trashConversation' }
  | { type: 'restoreConversation' }
  | PostMessage
  | EditMessage
  | { type: 'removeMessage'; messageId: string }
  | { type: 'selectBranch'; leafId: string }
  | { type: 'appendChunk'; messageId: string; chunk: string }
  | { type: 'completeMessage'; messageId: string; content?: string }
  | { type: 'regenerate'; messageId: string; turnId: string; model?: string }
  | RequestTurn
  | { type: 'cancelTurn'; turnId: string; reason?: string }
  /** The reaper's, a read's or the runner's. */
  | { type: 'interruptTurn'; turnId: string; reason: string }
  | { type: 'failTurn'; turnId: string; code: string; message: string };

/** `projectSeq`: where the project is, if there is such a one. */
export type StartConversation = {
  type: 'startConversation';
  conversationId: string;
  projectId?: string | null;
  projectSeq?: number;
  title?: string | null;
};

/** `parentId` absent: a child of the selected leaf. Null: a first message. */
export type PostMessage = {
  type: 'postMessage';
  messageId: string;
  parentId?: string | null;
  role: MessageRole;
  content: string;
  projectId?: string | null;
  toolName?: string | null;
  toolCall?: JsonValue;
  toolResult?: JsonValue;
  streamingStatus?: StreamingStatus;
  metadata?: Record<string, JsonValue> | null;
};

/** Each field that is present replaces. */
export type EditMessage = {
  type: 'editMessage';
  messageId: string;
  content?: string;
  streamingStatus?: StreamingStatus;
  toolResult?: JsonValue;
  metadata?: Record<string, JsonValue>;
};

/**
 * `messageId` is the id of the new user message. `parentId` as in `PostMessage`. `projectId`: the project that the turn works
 * on, which a conversation without one is linked to.
 */
export type RequestTurn = {
  type: 'requestTurn';
  turnId: string;
  messageId: string;
  prompt: string;
  parentId?: string | null;
  model?: string;
  projectId?: string | null;
};

/** The command of one type. */
export type CommandOf<T extends ConversationCommand['type']> = Extract<ConversationCommand, { type: T }>;

/** How a message came to be: all that `decide` needs of one that the state has not loaded. */
export type MessageFact = { parentId: string | null; role: MessageRole; seq: number };

/**
 * What the caller looked up of the ids that `missingFacts` named, in this conversation's log only: an id of another
 * conversation is absent. An id that is neither here nor in the state does not exist.
 */
export type Facts = {
  messages: Record<string, MessageFact>;
  /** Turns of this conversation other than its newest, by the seq of their `TurnRequested`. */
  turns?: Record<string, { seq: number }>;
};

/** For a full state, which needs none. */
export const noFacts: Facts = { messages: {} };

/** What a command made, by id. It is small: repeats of the command render the resource anew. */
export type DecisionResult =
  | { kind: 'conversation'; id: string }
  | { kind: 'message'; id: string }
  | { kind: 'turn'; id: string; messageId: string }
  | { kind: 'none' };

/** What a command means: events, and the answer once they are committed. */
export type Decision = {
  /** To be appended as one unit at the state's `seq` + 1. Empty: the command changes nothing. */
  events: DomainEvent[];
  /** Ids that come to exist, with the index of the event that creates each. */
  entities: { id: string; index: number }[];
  result: DecisionResult;
  /** The HTTP status of the answer. */
  status: number;
};
