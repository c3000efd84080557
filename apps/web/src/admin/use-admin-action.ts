import { useCallback, useState } from 'react';
import { insist, type ChatLogClient } from '#client';
import { useChatLog } from '#react';
import { useNotices } from '../shell/notices.js';

type Work<T> = (client: ChatLogClient, once: { idempotencyKey: string }) => Promise<T>;

/** Does something once, however often it must be sent, tells of its failure, and reads the page anew. */
export function useAdminAction() {
  const { client, queryClient } = useChatLog();
  const { tell, tellProblem } = useNotices();
  const [isBusy, setIsBusy] = useState(false);
  const run = useCallback(
    async <T>(work: Work<T>, told?: (result: T) => string) => {
      setIsBusy(true);
      try {
        const result = await insist((once) => work(client, once));
        if (told) tell({ text: told(result) });
      } catch (error) {
        tellProblem(error);
      } finally {
        setIsBusy(false);
        void queryClient.invalidateQueries({ queryKey: ['admin'] });
      }
    },
    [client, queryClient, tell, tellProblem],
  );
  return { run, isBusy };
}
