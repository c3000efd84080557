import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { insist, type ChatLogClient } from '#client';
import { useChatLog, type ChatLogContext } from '../chat-log-provider.js';
import type { Restored, UseVersionsResult } from './use-versions.types.js';

const PAGE = 50;
const keyOf = (projectId: string | null | undefined) => ['chatlog', 'versions', projectId];

/**
 * The versions of a project. A restore, a name and a star are sent with a key of their own, so that a repeat after a lost answer
 * does nothing twice.
 *
 * @example
 * const { versions, restore } = useVersions(projectId);
 * const { undo } = await restore(3);
 */
export function useVersions(projectId: string | null | undefined): UseVersionsResult {
  const context = useChatLog();
  const { client, queryClient } = context;
  const query = useInfiniteQuery(
    {
      queryKey: keyOf(projectId),
      enabled: projectId != null,
      initialPageParam: undefined as string | undefined,
      queryFn: ({ pageParam, signal }) =>
        client.projects.versions(projectId!, { before: pageParam, limit: PAGE }, { signal }),
      getNextPageParam: ({ next }) => next,
    },
    queryClient,
  );
  const actions = useMemo(() => actionsOf(context, projectId ?? ''), [context, projectId]);
  const versions = useMemo(() => query.data?.pages.flatMap(({ items }) => items) ?? [], [query.data]);
  return {
    versions,
    current: versions[0]?.version ?? 0,
    loading: query.isPending && projectId != null,
    error: query.error,
    hasMore: query.hasNextPage,
    loadMore: async () => void (await query.fetchNextPage()),
    loadingMore: query.isFetchingNextPage,
    ...actions,
  };
}

function actionsOf({ client, queryClient }: ChatLogContext, projectId: string) {
  const refresh = () => queryClient.invalidateQueries({ queryKey: keyOf(projectId) });
  const label = async (version: number, labels: { name?: string | null; starred?: boolean }) => {
    await insist((once) => client.projects.updateVersion(projectId, version, labels, once));
    await refresh();
  };
  return {
    refresh,
    restore: async (version: number) => {
      const restored = await restore(client, projectId, version, refresh);
      await refresh();
      return restored;
    },
    rename: (version: number, name: string | null) => label(version, { name }),
    star: (version: number, starred: boolean) => label(version, { starred }),
    fork: (version: number, title?: string) =>
      insist((once) => client.projects.fork(projectId, { version, title }, once)),
  };
}

/** Versions count without gaps: the one before the new one was current until then. */
async function restore(
  client: ChatLogClient,
  projectId: string,
  wanted: number,
  refresh: () => Promise<void>,
): Promise<Restored> {
  const { items } = await client.projects.versions(projectId, { limit: 1 });
  const { version } = await insist((once) => client.projects.restore(projectId, wanted, once));
  const before = version === items[0]?.version ? version : version - 1;
  return {
    restored: wanted,
    version,
    changed: before !== version,
    undo: async () => {
      const undone = await restore(client, projectId, before, refresh);
      await refresh();
      return undone;
    },
  };
}
