import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { SearchHit } from '#client';
import { useChatLog } from '#react';
import { useEffect, useState } from 'react';

/** A person who types is not asked for with each key. */
const WAIT_MS = 150;
const none: readonly SearchHit[] = [];

/** Messages with these words in them, while one types. What was found last stays until there is more to show. */
export function useSearch(q: string): {
  hits: readonly SearchHit[];
  isSearching: boolean;
  error: Error | null;
} {
  const { client, queryClient } = useChatLog();
  const asked = useSettled(q.trim(), WAIT_MS);
  const { data, error, isFetching } = useQuery(
    {
      queryKey: ['chatlog', 'search', asked],
      enabled: asked !== '',
      retry: false,
      placeholderData: keepPreviousData,
      queryFn: async ({ signal }) => (await client.search.find({ q: asked, limit: 20 }, { signal })).hits,
    },
    queryClient,
  );
  const isSettled = asked === q.trim();
  return {
    hits: asked === '' ? none : (data ?? none),
    isSearching: !isSettled || isFetching,
    error: isSettled ? error : null,
  };
}

function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
