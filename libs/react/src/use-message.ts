import { useCallback, useSyncExternalStore } from 'react';
import type { Message } from '#contracts';
import { useLiveConversation } from './use-live-conversation.js';

/**
 * One message as it is now: a row that calls this with what the list gave it renders by itself while it is written, and
 * nothing else does. Use it with `useMessages(…, {quiet: true})`.
 */
export function useMessage(message: Message): Message {
  const live = useLiveConversation(message.conversationId);
  const subscribe = useCallback(
    (listener: () => void) => live?.subscribe(listener) ?? (() => undefined),
    [live],
  );
  const getSnapshot = (): Message => live?.message(message.id) ?? message;
  return useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
}
