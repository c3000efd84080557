import { Link, useParams, useSearch } from '@tanstack/react-router';
import { Command, PanelLeftClose, Plus } from 'lucide-react';
import { Suspense, useState } from 'react';
import { IconButton } from '../shell/icon-button.js';
import { useLayout } from '../shell/layout.js';
import { ThemeButton } from '../shell/theme-button.js';
import { words } from '../words/words.js';
import { newChatLink } from './conversation-link.js';
import { HistoryList } from './history-list.js';
import { SearchBox } from './search-box.js';
import { WhichTabs } from './which-tabs.js';
import type { Which } from './which.js';
import { lazyPart } from '../shell/lazy-part.js';

const SearchResults = lazyPart(() =>
  import('./search-results.js').then((module) => ({ default: module.SearchResults })),
);

/** All chats: searched, or by where they are and the day that they began. The address says which one is open. */
export function HistorySidebar() {
  const projectId = useParams({ strict: false, select: (params) => params.projectId });
  const conversationId = useSearch({ strict: false, select: (search) => search.conversation });
  const [q, setQ] = useState('');
  const [which, setWhich] = useState<Which>('chats');
  const { hideHistory, hideHistoryOnPhone, openPalette } = useLayout();
  const isSearching = q.trim() !== '';
  return (
    <nav aria-label={words.history.title} className="flex h-full min-h-0 flex-col">
      <header className="flex h-[3.25rem] items-center gap-1 ps-4 pe-2">
        <Link to="/" className="flex flex-1 items-center gap-2 text-[0.9rem] font-semibold tracking-tight">
          <img src="/icon.svg" alt="" className="size-5" />
          {words.app.name}
        </Link>
        <IconButton icon={PanelLeftClose} label={words.history.hide} onClick={hideHistory} />
      </header>
      <div className="grid gap-2 px-3 pb-2">
        <Link
          {...newChatLink(projectId)}
          onClick={hideHistoryOnPhone}
          className="flex items-center gap-2 rounded-xl border border-line bg-raised px-3 py-1.5 text-sm font-medium shadow-[0_1px_1px_rgb(0_0_0/3%)] transition-colors hover:border-line-strong"
        >
          <Plus size={16} strokeWidth={2} aria-hidden className="text-live" />
          {words.history.newChat}
        </Link>
        <SearchBox value={q} onChange={setQ} />
        {!isSearching && <WhichTabs which={which} onChoose={setWhich} />}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4" tabIndex={-1}>
        {isSearching ? (
          <Suspense>
            <SearchResults q={q} onChosen={hideHistoryOnPhone} />
          </Suspense>
        ) : (
          <HistoryList which={which} openId={conversationId} onChosen={hideHistoryOnPhone} />
        )}
      </div>
      <footer className="flex items-center gap-1 border-t border-line px-3 py-2">
        <button
          type="button"
          onClick={openPalette}
          className="flex flex-1 items-center gap-2 rounded-lg px-2 py-1.5 text-left text-xs text-soft hover:bg-sunken hover:text-ink"
        >
          <Command size={14} aria-hidden />
          {words.palette.open}
        </button>
        <ThemeButton />
      </footer>
    </nav>
  );
}
