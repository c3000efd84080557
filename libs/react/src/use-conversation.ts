import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ChatLogError } from '#client';
import { isOpen } from '#model';
import { useChatLog } from './chat-log-provider.js';
import { conversationActions } from './conversation-actions.js';
import { showInLists } from './conversation-lists.js';
import { useLiveConversation, useLiveValue } from './use-live-conversation.js';
import type { UseConversationOptions, UseConversationResult } from './use-conversation.types.js';

type Choice = { projectId: string | null; wanted: string | null; id: string | null };

/**
 * The active conversation of a project: the one that was opened last, else `conversationId`, else the newest. It renders
 * anew when something of the conversation or its turn changes, not with each token.
 */
export function useConversation(
  projectId?: string | null,
  { conversationId = null }: UseConversationOptions = {},
): UseConversationResult {
  const { client, queryClient } = useChatLog();
  const asked = { projectId: projectId ?? null, wanted: conversationId };
  const [choice, setChoice] = useState<Choice>({ ...asked, id: null });
  // what was opened holds until the page asks for another project or conversation
  const isCurrent = choice.projectId === asked.projectId && choice.wanted === asked.wanted;
  const chosenId = (isCurrent ? choice.id : null) ?? conversationId;
  const newest = useQuery(
    {
      queryKey: ['chatlog', 'newest', projectId ?? null],
      enabled: chosenId === null,
      queryFn: async ({ signal }) => {
        const filter = projectId == null ? {} : { projectId };
        const { items } = await client.conversations.list({ ...filter, limit: 1 }, { signal });
        return items[0] ?? null;
      },
    },
    queryClient,
  );
  const id = chosenId ?? newest.data?.id ?? null;
  const live = useLiveConversation(id);
  const status = useLiveValue(live, (snapshot) => snapshot.status);
  const failure = useLiveValue(live, (snapshot) => snapshot.error);
  const conversation = useLiveValue(live, (snapshot) => snapshot.conversation);
  const connection = useLiveValue(live, (snapshot) => snapshot.connection);
  const isStreaming = useLiveValue(live, (snapshot) => isOpen(snapshot.turn));

  useEffect(() => {
    if (conversation && status === 'ready') showInLists(queryClient, conversation);
  }, [conversation, queryClient, status]);

  const { wanted } = asked;
  const actions = useMemo(
    () =>
      conversationActions({
        client,
        queryClient,
        live,
        projectId: projectId ?? null,
        open: (opened) => setChoice({ projectId: projectId ?? null, wanted, id: opened }),
      }),
    [client, live, projectId, queryClient, wanted],
  );
  const error = failure ?? (newest.error instanceof ChatLogError ? newest.error : null);
  const loading = id === null ? newest.isLoading : status === 'loading' && failure === null;
  return useMemo(
    () => ({
      ...actions,
      conversation,
      conversationId: id,
      loading,
      error,
      turn: conversation?.turn ?? null,
      isStreaming,
      connection: live ? connection : 'closed',
    }),
    [actions, connection, conversation, error, id, isStreaming, live, loading],
  );
}
