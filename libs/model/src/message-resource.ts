import type { Message } from '#contracts';
import type { SiblingPlace } from './message-tree.js';
import type { MessageState } from './state.js';

/** A message as lists, states and answers show it: the same made by a server from rows and by a browser from events. */
export function messageResource(
  conversationId: string,
  message: MessageState,
  siblings: SiblingPlace,
): Message {
  return {
    id: message.id,
    conversationId,
    ...(message.projectId !== null && { projectId: message.projectId }),
    parentId: message.parentId,
    role: message.role,
    content: message.content,
    ...(message.role === 'assistant' && { blocks: message.blocks }),
    ...(message.toolName !== null && { toolName: message.toolName }),
    ...(message.toolCall !== null && { toolCall: message.toolCall as Message['toolCall'] }),
    ...(message.toolResult !== null && { toolResult: message.toolResult as Message['toolResult'] }),
    streamingStatus: message.streamingStatus,
    metadata: message.metadata as Message['metadata'],
    siblings,
    seq: message.seq,
    createdAt: message.createdAt,
    updatedAt: message.updatedAt,
  };
}
