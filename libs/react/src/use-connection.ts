import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { useChatLog } from './chat-log-provider.js';
import type { UseConnectionResult } from './use-connection.types.js';

/** How the page stands with the server, for a line in its corner. */
export function useConnection(): UseConnectionResult {
  const { client } = useChatLog();
  const { environment, live } = client;
  const status = useSyncExternalStore(live.subscribe, live.getConnection, live.getConnection);
  const subscribe = useCallback((listener: () => void) => environment.onWake(listener), [environment]);
  const isOnline = useSyncExternalStore(subscribe, environment.isOnline, () => true);
  return useMemo(() => ({ status, isOnline, reconnect: () => live.reconnect() }), [isOnline, live, status]);
}
