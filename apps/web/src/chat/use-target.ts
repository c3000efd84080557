import type { UseMessagesResult } from '#react';
import { useEffect } from 'react';
import { useNotices } from '../shell/notices.js';

/** The message that the address names, and the messages around it once they are read. */
export function useTarget(
  target: string | undefined,
  { jumpTo, loading }: Pick<UseMessagesResult, 'jumpTo' | 'loading'>,
): string | undefined {
  const { tellProblem } = useNotices();
  useEffect(() => {
    if (target !== undefined && !loading) jumpTo(target).catch(tellProblem);
  }, [target, loading, jumpTo, tellProblem]);
  return target;
}
