import { getRouteApi } from '@tanstack/react-router';
import type { Message } from '#contracts';
import type { UseConversationResult } from '#react';
import { useMemo } from 'react';
import { useNotices } from '../shell/notices.js';
import type { ChatActions } from './chat-actions.js';

const route = getRouteApi('/chats/projects/$projectId');

type Place = {
  isPast: boolean;
  isBusy: boolean;
  /** Moves the slider; null until it is loaded. */
  goTo: ((seq: number | null) => void) | null;
};

/** What can be done with the messages of a chat. The same object while nothing of it changes: every row depends on it. */
export function useMessageActions(chat: UseConversationResult, { isPast, isBusy, goTo }: Place): ChatActions {
  const navigate = route.useNavigate();
  const { tellProblem } = useNotices();
  const { edit, regenerate, selectSibling } = chat;
  return useMemo(
    () => ({
      isNow: !isPast,
      isBusy,
      edit: (message: Message, text: string) => edit(message.id, text),
      regenerate: (message: Message) => regenerate(message.id).catch(tellProblem),
      selectSibling: (message: Message, step: number) => selectSibling(message, step).catch(tellProblem),
      lookAt: (seq: number) => {
        if (goTo) goTo(seq);
        else void navigate({ search: (before) => ({ ...before, at: seq }) });
      },
    }),
    [edit, goTo, isBusy, isPast, navigate, regenerate, selectSibling, tellProblem],
  );
}
