import type { AssistantFold } from './assistant-fold.js';

/** Who speaks; a `tool` row is one call with its result. */
export type MessageRole = 'user' | 'assistant' | 'system' | 'tool';
/** How far a message is: a stopped answer is `complete`, a failed or interrupted one `error`. */
export type StreamingStatus = 'pending' | 'streaming' | 'complete' | 'error';
/** A content block of the Messages API, as it came. */
export type ContentBlock = { type: string; [field: string]: unknown };

/** One message as its events made it. */
export type MessageState = {
  id: string;
  /** The message before it in the tree; null for a first message. */
  parentId: string | null;
  role: MessageRole;
  /** Text for people: the text blocks joined; for a tool row the input as JSON. */
  content: string;
  /** The Messages API's blocks, for the context. */
  blocks: ContentBlock[];
  projectId: string | null;
  toolName: string | null;
  toolCall: unknown;
  toolResult: unknown;
  toolUseId: string | null;
  /** The tool call failed: `toolResult` is the error. */
  toolError: boolean;
  streamingStatus: StreamingStatus;
  /** The poster's own, plus `outcome`, `reason`, `model`, `usage`, `stopReason` of an answer. */
  metadata: Record<string, unknown>;
  /** Error results for tool calls of this answer that were never begun, by tool use id. */
  repairs: Record<string, string>;
  turnId: string | null;
  /** The seq of the event that made it; its place among siblings. */
  seq: number;
  /** The seq of the last event that changed it. */
  updatedSeq: number;
  removed: boolean;
  createdAt: string;
  updatedAt: string;
};

/** The last four are final. */
export type TurnStatus = 'requested' | 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted';

/** The newest turn of the conversation. It is open while `requested` or `running`. */
export type TurnState = {
  turnId: string;
  status: TurnStatus;
  owner: string | null;
  /** The user message that it answers. */
  messageId: string;
  /** The newest message of this turn's own branch, whatever is selected meanwhile. */
  tipId: string;
  model: string | null;
  step: number;
  requestedSeq: number;
  /** Seq of the terminal event, once there is one. */
  endedSeq: number | null;
  /** Tool calls begun and not ended: tool use id → row id. */
  openToolCalls: Record<string, string>;
  /** Outcome detail of a failed, cancelled or interrupted turn. */
  reason: string | null;
  /** The project whose files this turn has changed: the unit that ends the turn commits a version there. */
  changedProject: string | null;
};

/** The answer that is being streamed: its row is folded from its own deltas. */
export type InFlight = { turnId: string; messageId: string; startedSeq: number; fold: AssistantFold };

/** An event that could not be read: shown in its place, never skipped in silence. */
export type Marker = { seq: number; type: string; problem: string };

/**
 * The state of one conversation after the events 1..seq. Plain JSON: it survives a snapshot or a worker thread.
 * `messages` may be partial (a command, a projection or a context loads only those that it needs): an event for a
 * message that is not loaded changes nothing. Whoever needs all of them folds from 1.
 */
export type ConversationState = {
  seq: number;
  id: string;
  projectId: string | null;
  title: string | null;
  /** Someone named it: the first message no longer does. */
  titled: boolean;
  archived: boolean;
  trashed: boolean;
  trashedAt: string | null;
  leafId: string | null;
  forkedFrom: { conversationId: string; at: number } | null;
  /**
   * The tree of the project that the conversation is at, as far as its own events tell; `seq` null: linked, and not looked
   * at since. What happened to the project up to `toldSeq` Claude knows.
   */
  project: { id: string; seq: number | null; toldSeq: number | null } | null;
  /** What Claude was told of the project, by the user message or tool row that it is sent with. */
  projectNotes: Record<string, string>;
  turn: TurnState | null;
  inFlight: InFlight | null;
  messages: Record<string, MessageState>;
  /** Ids of removed messages: kept also where `messages` is partial. */
  removedIds: Record<string, true>;
  markers: Marker[];
  createdAt: string;
  updatedAt: string;
};

/** The state before the first event. It is no conversation yet: `seq` is 0. */
export function initialState(id: string): ConversationState {
  return {
    seq: 0,
    id,
    projectId: null,
    title: null,
    titled: false,
    archived: false,
    trashed: false,
    trashedAt: null,
    leafId: null,
    forkedFrom: null,
    project: null,
    projectNotes: {},
    turn: null,
    inFlight: null,
    messages: {},
    removedIds: {},
    markers: [],
    createdAt: '',
    updatedAt: '',
  };
}

/**
 * A state that `evolve` may change without changing `state`. Costs one step a message: the messages themselves are
 * shared, because `evolve` replaces them and never changes one.
 */
export function copyState(state: ConversationState): ConversationState {
  return {
    ...state,
    messages: { ...state.messages },
    removedIds: { ...state.removedIds },
    markers: [...state.markers],
  };
}

/** True while the turn has no terminal event. */
export function isOpen(turn: TurnState | null): turn is TurnState {
  return turn !== null && (turn.status === 'requested' || turn.status === 'running');
}
