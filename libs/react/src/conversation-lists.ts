import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Conversation } from '#contracts';
import type { Page } from '#client';

const all = ['chatlog', 'conversations'];

/** Which list of conversations. */
export const listKey = (projectId: string | null | undefined, includeTrashed: boolean, pageSize: number) => [
  ...all,
  { projectId: projectId ?? null, includeTrashed, pageSize },
];

type Pages = InfiniteData<Page<Conversation>>;

type Filter = { projectId: string | null; includeTrashed: boolean };

/** A list that should begin with it, and does not yet. */
function lacks({ projectId, includeTrashed }: Filter, items: Conversation[], one: Conversation): boolean {
  const belongs = projectId === null || projectId === one.projectId;
  const first = items[0];
  const isNewer = first === undefined || one.createdAt > first.createdAt;
  return belongs && isNewer && (includeTrashed || one.trashedAt === undefined);
}

/** Shows a conversation in the lists as it is now. Where it comes or goes they are read anew. */
export function showInLists(queryClient: QueryClient, conversation: Conversation): void {
  const place = (one: Conversation): Conversation => {
    const isOlder = one.epoch !== conversation.epoch || one.seq <= conversation.seq;
    return one.id === conversation.id && isOlder ? conversation : one;
  };
  let isStale = false;
  for (const [key, data] of queryClient.getQueriesData<Pages>({ queryKey: all })) {
    const items = (data?.pages ?? []).flatMap((page) => page.items);
    const known = items.find(({ id }) => id === conversation.id);
    if (!data || !known) {
      isStale ||= data !== undefined && lacks(key[all.length] as Filter, items, conversation);
      continue;
    }
    isStale ||= known.trashedAt !== conversation.trashedAt;
    const pages = data.pages.map((page) => ({ ...page, items: page.items.map(place) }));
    queryClient.setQueryData<Pages>(key, { ...data, pages });
  }
  if (isStale) void refreshLists(queryClient);
}

/** Reads the lists that are shown anew. */
export function refreshLists(queryClient: QueryClient): Promise<void> {
  return queryClient.invalidateQueries({ queryKey: all });
}
