import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useChatLog } from './chat-log-provider.js';
import type { UseOutboxResult } from './use-outbox.types.js';

/** Prompts that are on their way, of one conversation or of all; null: those that are to start one. */
export function useOutbox(conversationId?: string | null): UseOutboxResult {
  const { outbox } = useChatLog().client;
  const all = useSyncExternalStore(outbox.subscribe, outbox.entries, outbox.entries);
  const retry = useCallback((key: string) => outbox.retry(key), [outbox]);
  const discard = useCallback((key: string) => outbox.discard(key), [outbox]);
  return useMemo(() => {
    const entries =
      conversationId === undefined ? all : all.filter((entry) => entry.conversationId === conversationId);
    return { entries, retry, discard };
  }, [all, conversationId, discard, retry]);
}
