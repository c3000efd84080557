import { Outlet } from '@tanstack/react-router';
import { HistorySidebar } from '../history/history-sidebar.js';
import { NeighbourKeys } from '../history/neighbour-keys.js';
import { words } from '../words/words.js';
import { useLayout } from './layout.js';

/** The chats beside a page; on a phone over it. */
export function ChatsFrame() {
  const { isHistoryOpen, hideHistory } = useLayout();
  return (
    <div className="flex h-full">
      <NeighbourKeys />
      {isHistoryOpen && (
        <>
          <button
            type="button"
            aria-label={words.history.hide}
            onClick={hideHistory}
            className="fixed inset-0 z-20 bg-black/40 md:hidden"
          />
          <div className="fixed inset-y-0 left-0 z-30 w-[min(20rem,85vw)] border-e border-line bg-surface md:static md:z-auto md:w-[17rem] md:shrink-0">
            <HistorySidebar />
          </div>
        </>
      )}
      <div className="flex min-w-0 flex-1 flex-col">
        <Outlet />
      </div>
    </div>
  );
}
