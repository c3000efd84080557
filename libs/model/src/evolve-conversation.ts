import type { Handlers } from './evolve.js';
import type { ConversationState } from './state.js';

function linkProject(state: ConversationState, id: string | null): void {
  state.projectId = id;
  state.project = id === null ? null : { id, seq: null, toldSeq: null };
}

/** The conversation as a whole: its name, its place in the list, its selected branch. */
export const conversationHandlers: Handlers<
  | 'ConversationStarted'
  | 'ConversationRenamed'
  | 'ConversationArchived'
  | 'ConversationUnarchived'
  | 'ConversationTrashed'
  | 'ConversationRestored'
  | 'ConversationForked'
  | 'ConversationProjectLinked'
  | 'BranchSelected'
> = {
  ConversationStarted(state, { projectId, title }, { at }) {
    linkProject(state, projectId ?? null);
    state.title = title || null;
    state.titled = state.title !== null;
    state.createdAt = at;
  },
  ConversationRenamed(state, { title }) {
    state.title = title;
    state.titled = true;
  },
  ConversationArchived(state) {
    state.archived = true;
  },
  ConversationUnarchived(state) {
    state.archived = false;
  },
  ConversationTrashed(state, _data, { at }) {
    state.trashed = true;
    state.trashedAt = at;
  },
  ConversationRestored(state) {
    state.trashed = false;
    state.trashedAt = null;
  },
  /** The child goes on from its parent's state, but not from the parent's place in a list. */
  ConversationForked(state, { parentId, at: seq }, { at }) {
    state.forkedFrom = { conversationId: parentId, at: seq };
    state.createdAt = at;
    state.archived = false;
    state.trashed = false;
    state.trashedAt = null;
  },
  ConversationProjectLinked(state, { projectId }) {
    linkProject(state, projectId);
  },
  BranchSelected(state, { leafId }) {
    state.leafId = leafId;
  },
};
