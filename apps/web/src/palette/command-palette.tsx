import { Command } from 'cmdk';
import { useState } from 'react';
import { useConversationList } from '#react';
import { titleOf } from '../history/conversation-link.js';
import { useSearch } from '../history/use-search.js';
import { whichOf } from '../history/which.js';
import { Dialog } from '../shell/dialog.js';
import { keyCaps } from '../shell/keys.js';
import { words } from '../words/words.js';
import { usePaletteCommands } from './use-palette-commands.js';

const MOST_CHATS = 8;
const item =
  'flex cursor-pointer items-center gap-3 rounded-lg px-3 py-2 text-sm data-[selected=true]:bg-sunken';
const heading =
  '[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-3 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint';

/** All commands, all chats, and every message, by a few letters. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const [q, setQ] = useState('');
  const { commands, openConversation, openHit } = usePaletteCommands(onClose);
  const { conversations } = useConversationList();
  const { hits } = useSearch(q);
  return (
    <Dialog title={words.palette.title} open onClose={onClose} bare>
      <Command label={words.palette.title} loop>
        <Command.Input
          autoFocus
          value={q}
          onValueChange={setQ}
          maxLength={1_000}
          placeholder={words.palette.placeholder}
          className="w-full border-b border-line bg-transparent px-5 py-3.5 outline-none placeholder:text-faint"
        />
        <Command.List className="max-h-[55vh] overflow-y-auto p-2">
          <Command.Empty className="px-3 py-6 text-center text-sm text-faint">
            {words.palette.nothing}
          </Command.Empty>
          <Command.Group heading={words.palette.commands} className={heading}>
            {commands.map(({ label, icon: Icon, press, run }) => (
              <Command.Item key={label} value={label} onSelect={run} className={item}>
                <Icon size={15} strokeWidth={1.75} aria-hidden className="text-faint" />
                <span className="flex-1">{label}</span>
                {press &&
                  keyCaps(press).map((cap) => (
                    <kbd key={cap} className="key">
                      {cap}
                    </kbd>
                  ))}
              </Command.Item>
            ))}
          </Command.Group>
          <Command.Group heading={words.palette.chats} className={heading}>
            {conversations
              .filter((conversation) => whichOf(conversation) !== 'trash')
              .slice(0, q === '' ? MOST_CHATS : undefined)
              .map((conversation) => (
                <Command.Item
                  key={conversation.id}
                  value={`${titleOf(conversation, words.history.untitled)} ${conversation.id}`}
                  onSelect={() => openConversation(conversation)}
                  className={item}
                >
                  <span className="truncate" dir="auto">
                    {titleOf(conversation, words.history.untitled)}
                  </span>
                </Command.Item>
              ))}
          </Command.Group>
          {q.trim() !== '' && hits.length > 0 && (
            <Command.Group heading={words.palette.messages} className={heading} forceMount>
              {hits.map((hit) => (
                // the server has chosen these: they stay whatever the letters are
                <Command.Item
                  key={hit.messageId}
                  value={hit.messageId}
                  forceMount
                  onSelect={() => openHit(hit)}
                  className={item}
                >
                  <span className="line-clamp-1 text-soft" dir="auto">
                    {hit.snippet.map(({ text }) => text).join('')}
                  </span>
                </Command.Item>
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Dialog>
  );
}
