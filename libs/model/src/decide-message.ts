import {
  decision,
  event,
  parentOf,
  refuseBadUserText,
  refuseDuring,
  refuseRowsOfTurn,
  requireMessage,
  selecting,
  type Decide,
} from './decide-rules.js';
import { isOpen } from './state.js';
import { blocksOfText } from './text.js';

export const postMessage: Decide<'postMessage'> = (state, command, facts) => {
  const { messageId, role, content, toolCall, toolResult, streamingStatus } = command;
  refuseBadUserText(role, content, 'content');
  const parentId = parentOf(state, facts, command.parentId);
  const posted = event('MessagePosted', {
    messageId,
    parentId,
    role,
    content: blocksOfText(content),
    streamingStatus,
    projectId: command.projectId ?? undefined,
    metadata: command.metadata ?? undefined,
    toolName: command.toolName ?? undefined,
    toolCall,
    toolResult,
  });
  const events = [posted, ...selecting(state, parentId, messageId)];
  return {
    ...decision(201, { kind: 'message', id: messageId }, events),
    entities: [{ id: messageId, index: 0 }],
  };
};

export const editMessage: Decide<'editMessage'> = (state, command, facts) => {
  const { messageId, content, streamingStatus, toolResult, metadata } = command;
  const { role } = requireMessage(state, facts, messageId);
  refuseRowsOfTurn(state, messageId);
  refuseBadUserText(role, content, 'content');
  const blocks = content === undefined ? undefined : blocksOfText(content);
  const changes = { content: blocks, streamingStatus, toolResult, metadata };
  const changed = Object.values(changes).some((value) => value !== undefined);
  const events = changed ? [event('MessageEdited', { messageId, ...changes })] : [];
  return decision(200, { kind: 'message', id: messageId }, events);
};

export const removeMessage: Decide<'removeMessage'> = (state, { messageId }, facts) => {
  requireMessage(state, facts, messageId);
  refuseRowsOfTurn(state, messageId);
  if (isOpen(state.turn) && state.turn.messageId === messageId) {
    refuseDuring(state.turn.turnId, 'Claude is answering this message.', 'messageId');
  }
  return decision(204, { kind: 'none' }, [event('MessageRemoved', { messageId })]);
};

export const appendChunk: Decide<'appendChunk'> = (state, { messageId, chunk }, facts) => {
  requireMessage(state, facts, messageId);
  refuseRowsOfTurn(state, messageId);
  const events = chunk === '' ? [] : [event('MessageChunkAppended', { messageId, chunk })];
  return decision(200, { kind: 'message', id: messageId }, events);
};

export const completeMessage: Decide<'completeMessage'> = (state, { messageId, content }, facts) =>
  editMessage(state, { type: 'editMessage', messageId, content, streamingStatus: 'complete' }, facts);
