import { useConversationList } from '#react';
import { useMemo } from 'react';
import { words } from '../words/words.js';
import { groupByDay } from './group-by-day.js';
import { HistoryItem } from './history-item.js';
import { whichOf, type Which } from './which.js';

type Props = { which: Which; openId?: string; onChosen: () => void };

const empty: Record<Which, string> = {
  chats: words.history.empty,
  archive: words.history.emptyArchive,
  trash: words.history.emptyTrash,
};

/** The chats of one place, grouped by day, older ones on demand. */
export function HistoryList({ which, openId, onChosen }: Props) {
  const list = useConversationList(undefined, { includeTrashed: which === 'trash' });
  const { conversations, loading, error, hasMore, loadMore, loadingMore } = list;
  const groups = useMemo(
    () => groupByDay(conversations.filter((conversation) => whichOf(conversation) === which)),
    [conversations, which],
  );
  if (error && conversations.length === 0) return <Note text={words.history.failed} />;
  if (loading) return <Skeleton />;
  return (
    <>
      {groups.length === 0 && !hasMore && <Note text={empty[which]} />}
      {groups.map(({ day, conversations: ofDay }) => (
        <section key={day} aria-label={day} className="pt-3">
          <h3 className="px-2.5 pb-1 text-xs font-medium text-faint">{day}</h3>
          {ofDay.map((conversation) => (
            <HistoryItem
              key={conversation.id}
              conversation={conversation}
              isOpen={conversation.id === openId}
              actions={list}
              onChosen={onChosen}
            />
          ))}
        </section>
      ))}
      {hasMore && (
        <button
          type="button"
          disabled={loadingMore}
          onClick={() => void loadMore()}
          className="mt-3 w-full rounded-lg px-2.5 py-1.5 text-left text-[0.8125rem] text-live hover:bg-sunken"
        >
          {loadingMore ? words.app.loading : words.history.loadMore}
        </button>
      )}
    </>
  );
}

function Note({ text }: { text: string }) {
  return <p className="px-2.5 pt-4 text-[0.8125rem] text-faint">{text}</p>;
}

function Skeleton() {
  return (
    <div className="grid animate-pulse gap-2 px-2.5 pt-5" aria-hidden>
      {[70, 90, 60, 80].map((width) => (
        <span key={width} className="h-4 rounded bg-sunken" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
