import { Link } from '@tanstack/react-router';
import type { ChatLogError } from '#client';
import { newChatLink } from '../history/conversation-link.js';
import { words } from '../words/words.js';
import { ChatHeader } from './chat-header.js';

type Props = { error: ChatLogError; onRestore?: () => void };

/** Instead of a chat that cannot be read: why, and what can be done. */
export function NoChat({ error, onRestore }: Props) {
  const isTrashed = error.code === 'conversation_trashed';
  const text = isTrashed
    ? words.chat.trashed
    : error.status === 404
      ? words.chat.notFound
      : words.chat.failed;
  return (
    <>
      <ChatHeader title={words.app.name} />
      <div role="alert" className="grid flex-1 place-content-center gap-4 p-8 text-center">
        <p className="font-medium">{text}</p>
        {!isTrashed && <p className="max-w-md text-sm text-soft">{error.message}</p>}
        <p className="flex justify-center gap-2">
          {isTrashed && onRestore && (
            <button type="button" className="button-primary" onClick={onRestore}>
              {words.history.restore}
            </button>
          )}
          <Link {...newChatLink()} className="button-quiet">
            {words.history.newChat}
          </Link>
        </p>
      </div>
    </>
  );
}
