import type { EventPlace, Handlers } from './evolve.js';
import type { ContentBlock, ConversationState, MessageState } from './state.js';
import { textOfBlocks, titleFrom } from './text.js';

type NewMessage = Pick<MessageState, 'id' | 'parentId' | 'role'> & Partial<MessageState>;

/**
 * Adds a message. A child of the selected leaf becomes the leaf: that is how a branch grows.
 * @throws Error when there is a message of that id: the second one is not shown as the first.
 */
export function addMessage(state: ConversationState, message: NewMessage, { seq, at }: EventPlace): void {
  if (state.messages[message.id]) throw new Error(`message ${message.id} exists already`);
  state.messages[message.id] = {
    content: '',
    blocks: [],
    projectId: null,
    toolName: null,
    toolCall: null,
    toolResult: null,
    toolUseId: null,
    toolError: false,
    streamingStatus: 'complete',
    metadata: {},
    repairs: {},
    turnId: null,
    seq,
    updatedSeq: seq,
    removed: false,
    createdAt: at,
    updatedAt: at,
    ...message,
  };
  if (message.parentId === state.leafId) state.leafId = message.id;
}

/** Puts a changed copy in the message's place; nothing where the message is not loaded. */
export function changeMessage(
  state: ConversationState,
  id: string,
  fields: Partial<MessageState>,
  { seq, at }: EventPlace,
): void {
  const message = state.messages[id];
  if (!message) return;
  state.messages[id] = { ...message, ...fields, updatedSeq: seq, updatedAt: at };
}

/** The chunk goes on the last block if that is text, else it begins one. */
function appendText(blocks: readonly ContentBlock[], chunk: string): ContentBlock[] {
  const last = blocks.at(-1);
  if (last?.type !== 'text' || typeof last.text !== 'string')
    return [...blocks, { type: 'text', text: chunk }];
  return [...blocks.slice(0, -1), { ...last, text: last.text + chunk }];
}

/** Messages that people and other programs write, and what becomes of any message later. */
export const messageHandlers: Handlers<
  'MessagePosted' | 'MessageChunkAppended' | 'MessageEdited' | 'MessageRemoved'
> = {
  MessagePosted(state, data, event) {
    const content = textOfBlocks(data.content);
    const message: NewMessage = {
      id: data.messageId,
      parentId: data.parentId,
      role: data.role,
      content,
      blocks: data.content,
      projectId: data.projectId ?? null,
      toolName: data.toolName ?? null,
      toolCall: data.toolCall ?? null,
      toolResult: data.toolResult ?? null,
      streamingStatus: data.streamingStatus ?? 'complete',
      metadata: data.metadata ?? {},
    };
    addMessage(state, message, event);
    // The first thing that someone asks names the conversation, until someone renames it.
    if (state.title === null && data.role === 'user') state.title = titleFrom(content);
  },
  MessageChunkAppended(state, { messageId, chunk }, event) {
    const message = state.messages[messageId];
    if (!message) return;
    const fields = {
      content: message.content + chunk,
      blocks: appendText(message.blocks, chunk),
      streamingStatus: 'streaming' as const,
    };
    changeMessage(state, messageId, fields, event);
  },
  MessageEdited(state, data, event) {
    const fields: Partial<MessageState> = {};
    if (data.content !== undefined) {
      fields.blocks = data.content;
      fields.content = textOfBlocks(data.content);
    }
    if (data.streamingStatus !== undefined) fields.streamingStatus = data.streamingStatus;
    if (data.toolResult !== undefined) fields.toolResult = data.toolResult;
    if (data.metadata !== undefined) fields.metadata = data.metadata;
    changeMessage(state, data.messageId, fields, event);
  },
  MessageRemoved(state, { messageId }, event) {
    state.removedIds[messageId] = true;
    changeMessage(state, messageId, { removed: true }, event);
  },
};
