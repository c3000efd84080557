import type { Message } from '#contracts';
import { words } from '../words/words.js';
import { PlainText } from '../markdown/plain-text.js';

/** What neither of the two said: set apart, and small. */
export function SystemMessage({ message }: { message: Message }) {
  return (
    <article aria-label={words.chat.systemMessage} className="border-y border-line py-2 text-sm text-soft">
      <PlainText text={message.content} />
    </article>
  );
}
