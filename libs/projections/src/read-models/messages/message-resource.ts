import type { Message } from '#contracts';
import type { MessageState } from '#model';

export type SiblingPlace = Message['siblings'];

/** A message as the lists show it. */
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
