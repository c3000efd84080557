import { Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import type { Conversation } from '#contracts';
import { memo, useState } from 'react';
import { Menu } from '../shell/menu.js';
import { words } from '../words/words.js';
import { conversationLink, titleOf } from './conversation-link.js';
import { RenameForm } from './rename-form.js';
import { useItemActions, type ListActions } from './use-item-actions.js';

type Props = { conversation: Conversation; isOpen: boolean; actions: ListActions; onChosen: () => void };

/** One conversation in the sidebar: its title, whether Claude is at work in it, and what can be done with it. */
export const HistoryItem = memo(function HistoryItem({ conversation, isOpen, actions, onChosen }: Props) {
  const [isRenaming, setIsRenaming] = useState(false);
  const items = useItemActions(conversation, actions, () => setIsRenaming(true));
  const title = titleOf(conversation, words.history.untitled);
  if (isRenaming)
    return (
      <RenameForm
        title={conversation.title ?? ''}
        onDone={() => setIsRenaming(false)}
        onRename={(text) => actions.rename(conversation.id, text)}
      />
    );
  return (
    <div
      className={`group/item relative flex items-center rounded-lg transition-colors ${isOpen ? 'bg-sunken' : 'hover:bg-sunken/60'}`}
      data-conversation={conversation.id}
    >
      <Link
        {...conversationLink(conversation)}
        onClick={onChosen}
        aria-current={isOpen ? 'page' : undefined}
        className={`min-w-0 flex-1 truncate rounded-lg py-1.5 ps-2.5 pe-8 text-[0.8125rem] leading-5 ${isOpen ? 'font-medium text-ink' : 'text-soft'}`}
        dir="auto"
      >
        {title}
      </Link>
      {conversation.turn && (
        <span
          role="img"
          aria-label={words.history.running}
          className="pointer-events-none absolute end-2.5 size-1.5 animate-pulse rounded-full bg-live group-hover/item:opacity-0"
        />
      )}
      <Menu
        label={words.history.actions(title)}
        trigger={<Ellipsis size={15} aria-hidden />}
        items={items}
        className="absolute end-1 grid size-6 place-items-center rounded-md text-faint opacity-0 group-hover/item:opacity-100 hover:bg-line hover:text-ink focus-visible:opacity-100 pointer-coarse:opacity-100"
      />
    </div>
  );
});
