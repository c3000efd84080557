import { useNavigate, useSearch } from '@tanstack/react-router';
import { useConversationList } from '#react';
import { useHotkeys } from 'react-hotkeys-hook';
import { anywhere, keys } from '../shell/keys.js';
import { conversationLink } from './conversation-link.js';
import { whichOf } from './which.js';

/** The keys that lead from the open chat to those beside it. They stand beside the pages, so that none is rendered for the list. */
export function NeighbourKeys() {
  const { conversations } = useConversationList();
  const openId = useSearch({ strict: false, select: ({ conversation }) => conversation });
  const navigate = useNavigate();
  const go = (by: number) => {
    const chats = conversations.filter((one) => whichOf(one) === 'chats');
    const index = chats.findIndex(({ id }) => id === openId);
    const next = chats[index + by];
    if (index >= 0 && next) void navigate(conversationLink(next));
  };
  useHotkeys(keys.previousChat.press, () => go(-1), anywhere);
  useHotkeys(keys.nextChat.press, () => go(1), anywhere);
  return null;
}
