import { useNavigate } from '@tanstack/react-router';
import { useConversationList } from '#react';
import type { RefObject } from 'react';
import { useHotkeys } from 'react-hotkeys-hook';
import { conversationLink } from '../history/conversation-link.js';
import { whichOf } from '../history/which.js';
import { keys } from '../shell/keys.js';
import { useComposerKeys } from './use-composer-keys.js';

type Options = {
  conversationId: string;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Null: nothing runs that could be stopped. */
  stop: (() => Promise<void>) | null;
};

const anywhere = { preventDefault: true, enableOnFormTags: true } as const;

/** The keys of an open chat. */
export function useChatKeys({ conversationId, field, stop }: Options): void {
  const { conversations } = useConversationList();
  const navigate = useNavigate();
  const go = (by: number) => {
    const chats = conversations.filter((one) => whichOf(one) === 'chats');
    const index = chats.findIndex(({ id }) => id === conversationId);
    const next = chats[index + by];
    if (index >= 0 && next) void navigate(conversationLink(next));
  };
  useComposerKeys(field);
  useHotkeys(keys.previousChat.press, () => go(-1), anywhere);
  useHotkeys(keys.nextChat.press, () => go(1), anywhere);
  useHotkeys(keys.stop.press, () => void stop?.(), anywhere);
}
