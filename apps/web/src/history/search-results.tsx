import { Link } from '@tanstack/react-router';
import { useConversationList } from '#react';
import { words } from '../words/words.js';
import { conversationLink, titleOf } from './conversation-link.js';
import { SearchHitLink } from './search-hit-link.js';
import { useSearch } from './use-search.js';

/** What was found: chats by their titles at once, then messages by their text. */
export function SearchResults({ q, onChosen }: { q: string; onChosen: () => void }) {
  const { conversations } = useConversationList();
  const { hits, isSearching, error } = useSearch(q);
  const wanted = q.trim().toLocaleLowerCase();
  const titled = conversations.filter(({ title }) => title?.toLocaleLowerCase().includes(wanted)).slice(0, 5);
  const isEmpty = titled.length === 0 && hits.length === 0 && !isSearching;
  return (
    <div aria-busy={isSearching} data-search>
      {titled.length > 0 && <Heading text={words.history.titleHits} />}
      {titled.map((conversation) => (
        <Link
          key={conversation.id}
          {...conversationLink(conversation)}
          onClick={onChosen}
          dir="auto"
          className="block truncate rounded-lg px-2.5 py-1.5 text-[0.8125rem] hover:bg-sunken"
        >
          {titleOf(conversation, words.history.untitled)}
        </Link>
      ))}
      {hits.length > 0 && <Heading text={words.history.hits} />}
      {hits.map((hit) => (
        <SearchHitLink key={hit.messageId} hit={hit} onChosen={onChosen} />
      ))}
      {error && (
        <p role="alert" className="px-2.5 pt-4 text-[0.8125rem] text-danger">
          {error.message}
        </p>
      )}
      <p role="status" className="px-2.5 pt-4 text-[0.8125rem] text-faint">
        {isEmpty && !error && words.history.noHits(q.trim())}
      </p>
    </div>
  );
}

function Heading({ text }: { text: string }) {
  return <h3 className="px-2.5 pt-4 pb-1 text-xs font-medium text-faint">{text}</h3>;
}
