import type { Message } from '#contracts';
import type { ContentBlock, MessageState } from '#model';

function blocksOf({ blocks, content, role }: Message): ContentBlock[] {
  if (blocks) return blocks;
  return role === 'tool' || content === '' ? [] : [{ type: 'text', text: content }];
}

/** What the fold holds of a message that was read: further events change it as they would have changed the server's. */
export function messageStateOf(message: Message): MessageState {
  return {
    id: message.id,
    parentId: message.parentId,
    role: message.role,
    content: message.content,
    blocks: blocksOf(message),
    projectId: message.projectId ?? null,
    toolName: message.toolName ?? null,
    toolCall: message.toolCall ?? null,
    toolResult: message.toolResult ?? null,
    toolUseId: null,
    toolError: message.role === 'tool' && message.streamingStatus === 'error',
    streamingStatus: message.streamingStatus,
    metadata: message.metadata,
    repairs: {},
    turnId: null,
    seq: message.seq,
    updatedSeq: message.seq,
    removed: false,
    createdAt: message.createdAt,
    updatedAt: message.updatedAt,
  };
}

/**
 * A message that was removed and is not shown. It keeps its place in the tree, so that the branch leads on from what
 * follows it to what stands before it.
 */
export function removedMessage(id: string, parentId: string, seq: number): MessageState {
  const nothing = { role: 'user', content: '', streamingStatus: 'complete', metadata: {} } as const;
  const times = { createdAt: '', updatedAt: '' };
  const message = {
    id,
    conversationId: '',
    parentId,
    seq,
    siblings: { index: 0, count: 1 },
    ...nothing,
    ...times,
  };
  return { ...messageStateOf(message), removed: true };
}
