import type { Message } from '#contracts';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/words.js';
import { useChatActions } from './chat-actions.js';

/** ◀ 2 / 3 ▶: the other versions of a message, one step at a time. Nothing where there is no other. */
export function SiblingSteps({ message }: { message: Message }) {
  const { isNow, isBusy, selectSibling } = useChatActions();
  const { index, count } = message.siblings;
  if (count < 2) return null;
  const step = (by: number) => void selectSibling(message, by);
  return (
    <div
      className="flex items-center text-soft"
      role="group"
      aria-label={words.chat.siblingLabel(index, count)}
    >
      <IconButton
        icon={ChevronLeft}
        label={words.chat.previousSibling}
        disabled={!isNow || isBusy || index === 0}
        onClick={() => step(-1)}
        className="size-7"
      />
      <span className="text-xs tabular-nums" aria-hidden>
        {words.chat.siblingPlace(index, count)}
      </span>
      <IconButton
        icon={ChevronRight}
        label={words.chat.nextSibling}
        disabled={!isNow || isBusy || index === count - 1}
        onClick={() => step(1)}
        className="size-7"
      />
    </div>
  );
}
