import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ChatLogError } from '#client';
import { isOpen } from '#model';
import { useChatLog } from './chat-log-provider.js';
import { actionInWords, claudeAction } from './claude-action.js';
import { claudeMessages } from './claude-messages.js';
import { refreshLists } from './conversation-lists.js';
import { stopTurn } from './stop-turn.js';
import type {
  ClaudeAction,
  ClaudeStreamMessage,
  UseClaudeStreamOptions,
  UseClaudeStreamResult,
} from './use-claude-stream.types.js';
import type { SendOptions } from './use-conversation.types.js';
import { useLiveConversation, useLiveValue } from './use-live-conversation.js';

/**
 * The turn of a conversation as it happens: whether one runs, what Claude does, its steps, and how to send and stop. It goes
 * on when the component goes, and is there again when it comes back.
 */
export function useClaudeStream({
  conversationId = null,
  projectId = null,
  onConversation,
}: UseClaudeStreamOptions): UseClaudeStreamResult {
  const { client, queryClient } = useChatLog();
  const [startedId, setStartedId] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<ChatLogError | null>(null);
  const id = conversationId ?? startedId;
  const told = useRef(onConversation);
  useEffect(() => {
    told.current = onConversation;
  }, [onConversation]);
  const live = useLiveConversation(id);
  const conversation = useLiveValue(live, (snapshot) => snapshot.conversation);
  const connection = useLiveValue(live, (snapshot) => snapshot.connection);
  const turn = useLiveValue(live, (snapshot) => snapshot.turn);
  // as text: what is equal renders nothing anew
  const actionText = useLiveValue(live, (snapshot) => JSON.stringify(claudeAction(snapshot)));
  const settled = useLiveValue(live, (snapshot) => snapshot.settled);
  const blocks = useLiveValue(live, (snapshot) => snapshot.inFlight?.fold.message?.content.length ?? 0);
  const isStreaming = isOpen(turn);
  const steps = useMemo(
    () => (blocks >= 0 ? claudeMessages(live?.getSnapshot().messages ?? settled) : []),
    [blocks, live, settled],
  );
  const end = useTurnFiles(conversation?.projectId, turn?.status === 'completed' ? turn.turnId : null);
  const actions = useMemo(() => {
    const send = async (prompt: string, { parentId, model }: SendOptions = {}): Promise<void> => {
      setRefusal(null);
      try {
        const sent = await client.outbox.send({ conversationId: id, projectId }, { prompt, parentId, model });
        if (id !== null || sent.conversationId === null) return;
        setStartedId(sent.conversationId);
        await refreshLists(queryClient);
        told.current?.(await client.conversations.get(sent.conversationId));
      } catch (error) {
        if (error instanceof ChatLogError) setRefusal(error);
        throw error;
      }
    };
    const stop = () => stopTurn(client, live);
    const reconnect = () => live?.reconnect();
    return { send, stop, reconnect, cancel: stop, streamGeneration: (prompt: string) => send(prompt) };
  }, [client, id, live, projectId, queryClient]);
  return useMemo(() => {
    const action = JSON.parse(actionText) as ClaudeAction | null;
    const messages: ClaudeStreamMessage[] = end
      ? [...steps, { ...end, conversationId: id ?? undefined }]
      : steps;
    return {
      ...actions,
      status: { isStreaming, currentAction: action && actionInWords(action), messages },
      action,
      turn: conversation?.turn ?? null,
      error: refusal ?? failureOfTurn(turn),
      connection: live ? connection : 'closed',
    };
  }, [actionText, actions, connection, conversation, end, id, isStreaming, live, refusal, steps, turn]);
}

/** The LOL app takes the project's files with the end of a turn. */
function useTurnFiles(projectId: string | undefined, turnId: string | null): ClaudeStreamMessage | null {
  const { client, queryClient } = useChatLog();
  const { data } = useQuery(
    {
      queryKey: ['chatlog', 'turn-files', projectId, turnId],
      enabled: projectId !== undefined && turnId !== null,
      staleTime: Infinity,
      queryFn: ({ signal }) => client.projects.get(projectId ?? '', { signal }),
    },
    queryClient,
  );
  return (
    useMemo(
      () => data && { type: 'complete', data: { files: data.files }, timestamp: Date.parse(data.updatedAt) },
      [data],
    ) ?? null
  );
}

function failureOfTurn(turn: { status: string; reason: string | null } | null): ChatLogError | null {
  if (turn?.status !== 'failed' && turn?.status !== 'interrupted') return null;
  const code = turn.reason ?? turn.status;
  return new ChatLogError(`The answer was not finished: ${code}.`, { code });
}
