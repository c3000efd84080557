import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useChatLog } from '../chat-log-provider.js';
import type { MomentComparison } from './compare/compare-moments.js';
import { loadComparison } from './compare/load-comparison.js';
import { SharedTimeTravels } from './shared-time-travels.js';

export type UseComparisonOptions = {
  /** The seqs that are compared; null: nothing is. */
  from: number | null;
  to: number | null;
};

export type UseComparisonResult = {
  comparison: MomentComparison | null;
  loading: boolean;
  error: Error | null;
  refresh(): Promise<void>;
};

/** What leads from one moment of a conversation to another: messages and files. What was compared never changes. */
export function useComparison(
  conversationId: string | null | undefined,
  { from, to }: UseComparisonOptions,
): UseComparisonResult {
  const { client, queryClient } = useChatLog();
  const isWanted = conversationId != null && from !== null && to !== null;
  const query = useQuery(
    {
      queryKey: ['chatlog', 'comparison', conversationId, from, to],
      enabled: isWanted,
      staleTime: Infinity,
      placeholderData: keepPreviousData,
      queryFn: ({ signal }) => {
        const { moments } = SharedTimeTravels.of(client).get(conversationId!);
        return loadComparison(moments, { from: from!, to: to! }, signal);
      },
    },
    queryClient,
  );
  return {
    comparison: isWanted ? (query.data ?? null) : null,
    loading: query.isFetching,
    error: query.error,
    refresh: async () => void (await query.refetch()),
  };
}
