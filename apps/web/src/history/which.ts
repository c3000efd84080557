import type { Conversation } from '#contracts';

/** The three places where a conversation can be. */
export type Which = 'chats' | 'archive' | 'trash';
export const places: readonly Which[] = ['chats', 'archive', 'trash'];

/** Where it is: the trash comes first, whatever it was before. */
export function whichOf({ archived, trashedAt }: Pick<Conversation, 'archived' | 'trashedAt'>): Which {
  if (trashedAt !== undefined) return 'trash';
  return archived ? 'archive' : 'chats';
}
