import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ChatLogClient, RequestOptions } from '#client';
import { useChatLog } from '#react';

type Read<T> = (client: ChatLogClient, options: RequestOptions) => Promise<T>;

/** Something of the service that is read again and again while the page is seen. */
export function useAdminQuery<T>(
  key: readonly unknown[],
  read: Read<T>,
  refetchInterval: number | false = false,
): UseQueryResult<T> {
  const { client, queryClient } = useChatLog();
  const options = {
    queryKey: ['admin', ...key],
    queryFn: ({ signal }: { signal: AbortSignal }) => read(client, { signal }),
    refetchInterval,
  };
  return useQuery(options, queryClient);
}
