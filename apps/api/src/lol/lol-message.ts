import type { MessageState } from '#model';
import type { LolFrame } from './lol-frame.js';

/** What the app tells stream messages apart by. */
export type LolMessageType = 'assistant' | 'tool_use' | 'tool_result' | 'complete' | 'error';

export type LolMessage = {
  type: LolMessageType;
  data: object;
  conversationId: string;
  /** ISO 8601: the app reads milliseconds. */
  at: string;
  /** The row that it belongs to, as it is at this moment. */
  row?: MessageState;
  seq?: number;
};

/** The row's fields as the message list names them. */
function rowFields(row: MessageState): object {
  const { id, content, toolName, toolCall, toolResult, streamingStatus } = row;
  return {
    messageId: id,
    id,
    content,
    ...(toolName !== null && { toolName }),
    ...(toolCall !== null && { toolCall }),
    ...(toolResult !== null && { toolResult }),
    streamingStatus,
  };
}

/** An `event: message` frame. */
export function lolMessage({ type, data, conversationId, at, row, seq }: LolMessage): LolFrame {
  const timestamp = Date.parse(at);
  const message = { type, data, timestamp, conversationId, ...(row && rowFields(row)) };
  return { event: 'message', data: message, ...(seq !== undefined && { seq }) };
}
