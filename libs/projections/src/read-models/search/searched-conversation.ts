import type { ConversationState } from '#model';

/** What is asked of a conversation when its messages are looked for. */
export type SearchedConversation = {
  projectId: string | null;
  title: string | null;
  archived: boolean;
  trashed: boolean;
};

export function searchedConversation(state: ConversationState): SearchedConversation {
  const { projectId, title, archived, trashed } = state;
  return { projectId, title, archived, trashed };
}

export function sameConversation(a: SearchedConversation, b: SearchedConversation): boolean {
  return (
    a.projectId === b.projectId && a.title === b.title && a.archived === b.archived && a.trashed === b.trashed
  );
}
