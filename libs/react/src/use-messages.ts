import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { insist, MessageWindow, type MessageChanges, type NewMessage, type WindowSnapshot } from '#client';
import { useChatLog } from './chat-log-provider.js';
import { useLiveConversation, useLiveValue } from './use-live-conversation.js';
import type { UseMessagesOptions, UseMessagesResult } from './use-messages.types.js';
import { usePastMessages } from './use-past-messages.js';

const PAGE_SIZE = 50;
const nothing: WindowSnapshot = {
  messages: [],
  hasOlder: false,
  hasNewer: false,
  loadingOlder: false,
  olderError: null,
  newerError: null,
};

/**
 * The messages of a conversation along its selected branch: at once what is remembered, then what is there, then each token
 * as it is committed. With `at`, as they were at that moment.
 */
export function useMessages(
  conversationId: string | null | undefined,
  { pageSize = PAGE_SIZE, at, quiet = false }: UseMessagesOptions = {},
): UseMessagesResult {
  const { client } = useChatLog();
  const isPast = at !== undefined;
  const past = usePastMessages(isPast ? conversationId : null, { at, pageSize });
  const live = useLiveConversation(isPast ? null : conversationId);
  const window = useMemo(
    () => (live ? new MessageWindow(client, live, pageSize) : null),
    [client, live, pageSize],
  );
  const subscribe = useCallback(
    (listener: () => void) => window?.subscribe(listener) ?? (() => undefined),
    [window],
  );
  const getSnapshot = () => (quiet ? window?.getSettled() : window?.getSnapshot()) ?? nothing;
  const shown = useSyncExternalStore(subscribe, getSnapshot, getSnapshot);
  const status = useLiveValue(live, (snapshot) => snapshot.status);
  const error = useLiveValue(live, (snapshot) => snapshot.error);
  const streamingId = useLiveValue(live, (snapshot) => snapshot.inFlight?.messageId ?? null);

  const writes = useMemo(() => {
    const id = conversationId ?? '';
    return {
      addMessage: (message: NewMessage) => insist((once) => client.messages.post(id, message, once)),
      updateMessage: (messageId: string, changes: MessageChanges) =>
        insist((once) => client.messages.edit(id, messageId, changes, once)),
    };
  }, [client, conversationId]);
  const moves = useMemo(
    () => ({
      loadMore: async () => window?.loadOlder(),
      loadNewer: async () => window?.loadNewer(),
      jumpTo: async (target: number | string) => (await window?.jumpTo(target)) ?? false,
      jumpToLatest: () => window?.jumpToLatest(),
      clearMessages: () => window?.clear(),
      refresh: async () => {
        window?.jumpToLatest();
        await live?.refresh();
      },
    }),
    [live, window],
  );
  return useMemo(
    () =>
      isPast
        ? { ...writes, ...past }
        : {
            ...writes,
            ...moves,
            messages: shown.messages,
            loading: live !== null && status === 'loading' && error === null,
            error,
            hasMore: shown.hasOlder,
            loadingMore: shown.loadingOlder,
            loadMoreError: shown.olderError,
            hasNewer: shown.hasNewer,
            loadNewerError: shown.newerError,
            streamingId,
            isStale: status === 'remembered',
          },
    [error, isPast, live, moves, past, shown, status, streamingId, writes],
  );
}
