import { conversation, decision, event, requireMessage, type Decide } from './decide-rules.js';
import { DomainRefusal } from './refusal.js';

export const startConversation: Decide<'startConversation'> = (
  state,
  { conversationId, projectId, projectSeq, title },
) => {
  if (state.seq > 0) {
    throw new DomainRefusal(
      'conversation_exists',
      409,
      'There is a conversation of this id.',
      'conversationId',
    );
  }
  const started = event('ConversationStarted', {
    projectId: projectId ?? undefined,
    projectSeq,
    title: title ?? undefined,
  });
  return decision(201, { kind: 'conversation', id: conversationId }, [started]);
};

export const renameConversation: Decide<'renameConversation'> = (state, { title }) =>
  conversation(state, state.title === title ? [] : [event('ConversationRenamed', { title })]);

export const archiveConversation: Decide<'archiveConversation'> = (state) =>
  conversation(state, state.archived ? [] : [event('ConversationArchived', {})]);

export const unarchiveConversation: Decide<'unarchiveConversation'> = (state) =>
  conversation(state, state.archived ? [event('ConversationUnarchived', {})] : []);

export const trashConversation: Decide<'trashConversation'> = (state) =>
  decision(204, { kind: 'none' }, state.trashed ? [] : [event('ConversationTrashed', {})]);

export const restoreConversation: Decide<'restoreConversation'> = (state) =>
  conversation(state, state.trashed ? [event('ConversationRestored', {})] : []);

export const selectBranch: Decide<'selectBranch'> = (state, { leafId }, facts) => {
  requireMessage(state, facts, leafId, 'leafId');
  return conversation(state, state.leafId === leafId ? [] : [event('BranchSelected', { leafId })]);
};
