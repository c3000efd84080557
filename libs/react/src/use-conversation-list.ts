import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { ChatLogError, insist } from '#client';
import { useChatLog } from './chat-log-provider.js';
import { listKey, refreshLists, showInLists } from './conversation-lists.js';
import type { UseConversationListOptions, UseConversationListResult } from './use-conversation-list.types.js';

const PAGE_SIZE = 50;
/** Other devices write too: a list that is looked at is read anew so often. */
const EVERY_MS = 30_000;

/** The conversations of a project, or all of them, newest created first. */
export function useConversationList(
  projectId?: string | null,
  { pageSize = PAGE_SIZE, includeTrashed = false }: UseConversationListOptions = {},
): UseConversationListResult {
  const { client, queryClient } = useChatLog();
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } =
    useInfiniteQuery(
      {
        queryKey: listKey(projectId, includeTrashed, pageSize),
        refetchInterval: EVERY_MS,
        initialPageParam: undefined as string | undefined,
        queryFn: ({ pageParam, signal }) => {
          const filter = {
            ...(projectId != null && { projectId }),
            ...(includeTrashed && { includeTrashed }),
          };
          return client.conversations.list({ ...filter, limit: pageSize, after: pageParam }, { signal });
        },
        getNextPageParam: ({ next }) => next,
      },
      queryClient,
    );
  const conversations = useMemo(() => (data?.pages ?? []).flatMap(({ items }) => items), [data]);
  const loadMore = useCallback(async () => void (await fetchNextPage()), [fetchNextPage]);
  const refresh = useCallback(async () => void (await refetch()), [refetch]);
  const writes = useMemo(
    () => ({
      rename: async (id: string, title: string) =>
        showInLists(queryClient, await insist((once) => client.conversations.rename(id, title, once))),
      archive: async (id: string, archived = true) =>
        showInLists(queryClient, await insist((once) => client.conversations.archive(id, archived, once))),
      trash: async (id: string) => {
        await insist((once) => client.conversations.trash(id, once));
        await refreshLists(queryClient);
      },
      restore: async (id: string) => {
        await insist((once) => client.conversations.restore(id, once));
        await refreshLists(queryClient);
      },
    }),
    [client, queryClient],
  );
  return useMemo(
    () => ({
      ...writes,
      conversations,
      loading: isPending,
      error: error instanceof ChatLogError ? error : null,
      hasMore: hasNextPage,
      loadMore,
      loadingMore: isFetchingNextPage,
      refresh,
    }),
    [conversations, error, hasNextPage, isFetchingNextPage, isPending, loadMore, refresh, writes],
  );
}
