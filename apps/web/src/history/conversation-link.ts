import type { Conversation } from '#contracts';
import { NEW } from '../routes/project-search.js';

/** Where a conversation is opened: in its project, or in none yet. */
export function conversationLink({ id, projectId }: { id: string; projectId?: string }, message?: string) {
  return {
    to: '/projects/$projectId',
    params: { projectId: projectId ?? NEW },
    search: { conversation: id, ...(message !== undefined && { message }) },
  } as const;
}

/** Where a new chat is begun: in a project that is there, or for one that will be. */
export function newChatLink(projectId?: string) {
  return {
    to: '/projects/$projectId',
    params: { projectId: projectId ?? NEW },
    search: { conversation: NEW },
  } as const;
}

/** What a conversation is called where nobody named it. */
export function titleOf(conversation: Pick<Conversation, 'title'>, untitled: string): string {
  return conversation.title?.trim() || untitled;
}
