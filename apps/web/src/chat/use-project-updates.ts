import type { Message } from '#contracts';
import { useChatLog } from '#react';
import { useEffect } from 'react';
import { projectKey } from '../project/use-shown-project.js';

/** Reads the project anew once a message says that a version of it was made, or a call has changed a file. */
export function useProjectUpdates(projectId: string | undefined, messages: readonly Message[]): void {
  const { queryClient } = useChatLog();
  const version = messages.findLast(({ metadata }) => metadata.projectVersion !== undefined)?.metadata
    .projectVersion;
  const change = messages.findLast(
    ({ role, toolName, streamingStatus }) =>
      role === 'tool' &&
      streamingStatus === 'complete' &&
      ['Write', 'Edit', 'Delete'].includes(toolName ?? ''),
  )?.id;
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: projectKey(projectId) });
  }, [queryClient, projectId, version, change]);
}
