import type { Conversation, JsonValue } from '#contracts';
import type { ChatLogError, StreamStatus } from '#client';
import type { SendOptions } from './use-conversation.types.js';

/** What Claude does right now. `file` is the one that a tool works on, as far as its name has come. */
export type ClaudeAction = {
  kind:
    'waiting' | 'thinking' | 'writing_text' | 'reading' | 'writing' | 'editing' | 'deleting' | 'using_tool';
  tool?: string;
  file?: string;
};

/** One step of the turn as the LOL app takes it. */
export type ClaudeStreamMessage = {
  type: 'assistant' | 'tool_use' | 'tool_result' | 'complete' | 'error';
  data: {
    content?: string;
    tool?: string;
    toolInput?: JsonValue;
    toolOutput?: JsonValue;
    error?: string;
    files?: Record<string, { content: string; type: string }>;
  };
  /** Milliseconds. */
  timestamp: number;
  messageId?: string;
  conversationId?: string;
};

export type UseClaudeStreamOptions = {
  conversationId?: string | null;
  /** For a conversation that the first prompt starts. */
  projectId?: string | null;
  /** A prompt without a conversation has started one. */
  onConversation?: (conversation: Conversation) => void;
};

/** The turn of a conversation as it happens, and what a composer needs. */
export type UseClaudeStreamResult = {
  status: {
    isStreaming: boolean;
    /** As the LOL app shows it: `Reading x`, `Writing x`, `Thinking`; null while nothing runs. */
    currentAction: string | null;
    /** The steps of the newest turn. */
    messages: readonly ClaudeStreamMessage[];
  };
  /** The same as data, for one's own words. */
  action: ClaudeAction | null;
  turn: Conversation['turn'] | null;
  /** Why the newest turn, or the last prompt, came to nothing. */
  error: ChatLogError | null;
  connection: StreamStatus;
  send: (prompt: string, options?: SendOptions) => Promise<void>;
  stop: () => Promise<void>;
  /** Tries the connection at once. */
  reconnect: () => void;
  /** `send`, under the LOL app's name. */
  streamGeneration: (prompt: string) => Promise<void>;
  /** `stop`, under the LOL app's name. */
  cancel: () => Promise<void>;
};
