import { useQuery } from '@tanstack/react-query';
import type { Project, ProjectAt } from '#contracts';
import { useChatLog } from '#react';
import { useMemo } from 'react';
import type { ShownProject } from './shown-project.js';

const isPage = (path: string): boolean => path.endsWith('.html');
const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : 1);

/** The project as it is, read anew when a version of it is committed; or as it was. */
export function useShownProject(projectId: string | undefined, past?: ProjectAt): ShownProject | null {
  const { client, queryClient } = useChatLog();
  const { data } = useQuery(
    {
      queryKey: projectKey(projectId),
      enabled: projectId !== undefined && past === undefined,
      queryFn: ({ signal }) => client.projects.get(projectId ?? '', { signal }),
    },
    queryClient,
  );
  return useMemo(() => {
    if (past) return asItWas(past);
    return data && data.id === projectId ? asItIs(data) : null;
  }, [data, past, projectId]);
}

/** The query of a project: invalid once a version was made. */
export function projectKey(projectId: string | undefined): readonly unknown[] {
  return ['chatlog', 'project', projectId ?? null];
}

function asItIs({ id, title, version, files, compiled }: Project): ShownProject {
  return {
    id,
    title,
    version,
    files: Object.entries(files)
      .map(([path, file]) => ({ path, ...file }))
      .toSorted(byPath),
    // the number makes it another address, so a new version is run by itself
    previewUrl: version > 0 ? `/preview/${id}/${version}` : `/preview/${id}`,
    hasPage: compiled !== '',
  };
}

function asItWas({ id, seq, version, files }: ProjectAt): ShownProject {
  return {
    id,
    title: '',
    version,
    ...(seq !== undefined && { seq }),
    files: Object.entries(files)
      .map(([path, { sha256, type }]) => ({ path, sha256, type }))
      .toSorted(byPath),
    // between two versions as well: a file that was written is shown at once
    previewUrl: seq === undefined ? `/preview/${id}/${version}` : `/preview/${id}?at=${seq}`,
    hasPage: Object.keys(files).some(isPage),
  };
}
