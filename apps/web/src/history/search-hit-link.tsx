import { Link } from '@tanstack/react-router';
import type { SearchHit } from '#client';
import { words } from '../words/words.js';
import { conversationLink } from './conversation-link.js';

const roles: Record<SearchHit['role'], string> = {
  user: words.chat.you,
  assistant: words.chat.claude,
  system: words.chat.systemMessage,
  tool: words.chat.toolMessage,
};

/** A message that was found; it opens its chat, right there. */
export function SearchHitLink({ hit, onChosen }: { hit: SearchHit; onChosen: () => void }) {
  return (
    <Link
      {...conversationLink({ id: hit.conversationId, projectId: hit.projectId }, hit.messageId)}
      onClick={onChosen}
      className="block rounded-lg px-2.5 py-1.5 text-[0.8125rem] hover:bg-sunken"
      data-hit={hit.messageId}
    >
      <span className="flex items-baseline gap-2 text-xs text-faint">
        <span className="truncate" dir="auto">
          {hit.title ?? words.history.untitled}
        </span>
        <span className="shrink-0">{roles[hit.role]}</span>
      </span>
      <span className="line-clamp-2 text-soft" dir="auto">
        <Snippet snippet={hit.snippet} />
      </span>
    </Link>
  );
}

function Snippet({ snippet }: Pick<SearchHit, 'snippet'>) {
  return snippet.map(({ text, hit }, index) =>
    hit ? (
      // segments have no name but their place, and never move
      <mark key={index} className="bg-past-ground font-medium text-past">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
