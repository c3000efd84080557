import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { emptySnapshot, type ConversationSnapshot, type LiveConversation } from '#client';
import { useChatLog } from './chat-log-provider.js';

/** The live conversation of an id: one for all components of the page. */
export function useLiveConversation(id: string | null | undefined): LiveConversation | null {
  const { client } = useChatLog();
  return useMemo(() => (id == null ? null : client.live.get(id)), [client, id]);
}

/**
 * A part of what is known of a conversation; the component renders anew only when that part changes, once a frame at most.
 * `select` gives a primitive, or an object that keeps its identity. The conversation is kept up while the component is
 * there; unmounting stops nothing that runs.
 */
export function useLiveValue<T>(
  live: LiveConversation | null,
  select: (snapshot: ConversationSnapshot) => T,
): T {
  const { client } = useChatLog();
  const subscribe = useCallback(
    (listener: () => void) => {
      if (!live) return () => undefined;
      const release = client.live.hold(live);
      const end = live.subscribe(listener);
      return () => {
        end();
        release();
      };
    },
    [client, live],
  );
  const getSnapshot = (): T => select(live?.getSnapshot() ?? emptySnapshot);
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
