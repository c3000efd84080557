import { useEffect, useState } from 'react';
import type { RebuildResource } from '#contracts';
import { useChatLog } from '#react';

/** How long a stream that ended early is left alone before it is opened again. */
const AGAIN_MS = 1_000;

/** Nothing more becomes of it. */
export function isOver({ status }: Pick<RebuildResource, 'status'>): boolean {
  return status === 'done' || status === 'cancelled' || status === 'failed';
}

/** A rebuild as it gets on, by its event stream, until it is over. What was read otherwise counts where it is newer. */
export function useLiveRebuild(known: RebuildResource): RebuildResource {
  const { client, queryClient } = useChatLog();
  const [live, setLive] = useState<RebuildResource | null>(null);
  const { id } = known;
  const isDone = isOver(known);
  useEffect(() => {
    if (isDone) return;
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        let last: RebuildResource | null = null;
        try {
          await client.admin.followRebuild(id, (rebuild) => setLive((last = rebuild)), stop.signal);
        } catch {
          // the list is read every few seconds anyway, and tells of what keeps failing
        }
        if (last !== null && isOver(last)) break;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
      if (!stop.signal.aborted) await queryClient.invalidateQueries({ queryKey: ['admin'] });
    };
    void follow();
    return () => stop.abort();
  }, [client, queryClient, id, isDone]);
  return isDone || live === null ? known : live;
}
