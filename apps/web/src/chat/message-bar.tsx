import type { Message } from '#contracts';
import type { ReactNode } from 'react';
import { formatMoment, formatTime } from '../words/format.js';
import { words } from '../words/words.js';
import { useChatActions } from './chat-actions.js';
import { SiblingSteps } from './sibling-steps.js';

type Props = { message: Message; children: ReactNode };

/**
 * Under a message: its siblings, what can be done with it, when it came and at which event. Quiet until it is pointed at or
 * reached by keyboard; siblings are always seen.
 */
export function MessageBar({ message, children }: Props) {
  const { lookAt } = useChatActions();
  return (
    <div className="flex h-8 items-center gap-0.5 text-faint">
      <SiblingSteps message={message} />
      <div className="message-bar flex items-center gap-0.5">
        {children}
        <time
          className="px-1.5 text-xs tabular-nums"
          dateTime={message.createdAt}
          title={formatMoment(message.createdAt)}
        >
          {formatTime(message.createdAt)}
        </time>
        <button
          type="button"
          title={words.chat.positionLabel(message.seq)}
          aria-label={words.chat.positionLabel(message.seq)}
          onClick={() => lookAt(message.seq)}
          className="rounded-md px-1.5 py-1 font-mono text-xs tabular-nums hover:bg-sunken hover:text-ink"
        >
          {words.chat.position(message.seq)}
        </button>
      </div>
    </div>
  );
}
