import { useQuery } from '@tanstack/react-query';
import type { ChatLogClient } from '#client';
import type { ProjectAt } from '#contracts';
import { useChatLog } from '../chat-log-provider.js';
import type { FileChange } from './compare/compare-moments.js';

export type UseFileContentsResult = {
  /** Empty where the file was not there. */
  contents: { before: string; after: string } | null;
  loading: boolean;
  error: Error | null;
};

/** Both contents of a file that is not the same in two moments; null: none is read. */
export function useFileContents(change: FileChange | null): UseFileContentsResult {
  const { client, queryClient } = useChatLog();
  const query = useQuery(
    {
      queryKey: ['chatlog', 'contents', change?.path, hash(change, 'before'), hash(change, 'after')],
      enabled: change !== null,
      staleTime: Infinity,
      queryFn: async ({ signal }) => {
        const { path, before, after } = change!;
        const [old, young] = await Promise.all([
          contentAt(client, path, before, signal),
          contentAt(client, path, after, signal),
        ]);
        return { before: old, after: young };
      },
    },
    queryClient,
  );
  return { contents: query.data ?? null, loading: query.isFetching, error: query.error };
}

function hash(change: FileChange | null, side: 'before' | 'after'): string | undefined {
  return change?.[side]?.files[change.path]?.sha256;
}

async function contentAt(
  { projects }: ChatLogClient,
  path: string,
  project: ProjectAt | undefined,
  signal: AbortSignal,
): Promise<string> {
  if (!project) return '';
  const { id, seq, version } = project;
  const file =
    seq === undefined
      ? await projects.file(id, version, path, { signal })
      : await projects.fileAt(id, { path, at: seq }, { signal });
  return file.content;
}
