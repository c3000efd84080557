import { useInfiniteQuery, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import type { Message } from '#contracts';
import { ChatLogError, type Moment, type StatePage } from '#client';
import { useChatLog } from './chat-log-provider.js';
import type { UseMessagesResult } from './use-messages.types.js';

type Past = Omit<UseMessagesResult, 'addMessage' | 'updateMessage'>;
type Query = { at: Moment | undefined; pageSize: number };

/** Pages that are read on the way to a message: 10,000 messages of the usual size. */
const MOST_PAGES = 200;

function messagesOf(data: InfiniteData<StatePage> | undefined): Message[] {
  return (data?.pages ?? []).toReversed().flatMap(({ messages }) => messages);
}

/** The messages as they were at a moment, which never change: they are read once. */
export function usePastMessages(conversationId: string | null | undefined, { at, pageSize }: Query): Past {
  const { client, queryClient } = useChatLog();
  const [cleared, setCleared] = useState(false);
  const enabled = conversationId != null && at !== undefined;
  const query = useInfiniteQuery(
    {
      queryKey: ['chatlog', 'past', conversationId, at, pageSize],
      enabled,
      staleTime: Infinity,
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) =>
        client.moments.state(conversationId ?? '', { at, limit: pageSize, before: pageParam }, { signal }),
      getNextPageParam: ({ previous }: StatePage) => previous,
    },
    queryClient,
  );
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, isPending, fetchNextPage, refetch } =
    query;
  const error = query.error instanceof ChatLogError ? query.error : null;
  const messages = useMemo(() => (cleared ? [] : messagesOf(data)), [cleared, data]);

  const jumpTo = useCallback(
    async (target: number | string) => {
      let { data: read, hasNextPage: more } = { data, hasNextPage };
      const isThere = () => messagesOf(read).some(({ id, seq }) => id === target || seq === target);
      for (let page = 0; more && !isThere() && page < MOST_PAGES; page += 1) {
        const next = await fetchNextPage();
        [read, more] = [next.data, next.hasNextPage];
      }
      return isThere();
    },
    [data, fetchNextPage, hasNextPage],
  );
  const loadMore = useCallback(async () => void (await fetchNextPage()), [fetchNextPage]);
  const refresh = useCallback(async () => {
    setCleared(false);
    await refetch();
  }, [refetch]);

  return useMemo(
    () => ({
      messages,
      loading: enabled && isPending,
      error: isFetchNextPageError ? null : error,
      hasMore: hasNextPage,
      loadMore,
      loadingMore: isFetchingNextPage,
      loadMoreError: isFetchNextPageError ? error : null,
      hasNewer: false,
      loadNewer: async () => undefined,
      loadNewerError: null,
      jumpTo,
      jumpToLatest: () => setCleared(false),
      streamingId: null,
      isStale: false,
      refresh,
      clearMessages: () => setCleared(true),
    }),
    [
      enabled,
      error,
      hasNextPage,
      isFetchingNextPage,
      isFetchNextPageError,
      isPending,
      jumpTo,
      loadMore,
      messages,
      refresh,
    ],
  );
}
