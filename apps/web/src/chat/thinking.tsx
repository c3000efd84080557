import type { Message } from '#contracts';
import { ChevronRight, Sparkles } from 'lucide-react';
import { Markdown } from '../markdown/markdown.js';
import { words } from '../words/words.js';

type Props = { message: Message; isStreaming: boolean };

/** What Claude thought before it spoke, folded until someone looks. */
export function Thinking({ message, isStreaming }: Props) {
  const thoughts = (message.blocks ?? []).flatMap(({ type, thinking }) =>
    type === 'thinking' && typeof thinking === 'string' && thinking !== '' ? [thinking] : [],
  );
  if (thoughts.length === 0) return null;
  const isNow = isStreaming && message.content === '';
  return (
    <details className="group/thinking mb-2 border-s-2 border-line ps-3 text-[0.8125rem] text-soft">
      <summary className="-ms-1 inline-flex list-none items-center gap-2 rounded-md px-1 py-1 hover:text-ink">
        <Sparkles
          size={14}
          strokeWidth={1.75}
          aria-hidden
          className={isNow ? 'animate-pulse text-live' : 'text-faint'}
        />
        {isNow ? words.chat.thinkingNow : words.chat.thinking}
        <ChevronRight
          size={13}
          aria-hidden
          className="text-faint transition-transform group-open/thinking:rotate-90"
        />
      </summary>
      <div className="pt-1 pb-2" data-thinking>
        <Markdown text={thoughts.join('\n\n')} isStreaming={isNow} />
      </div>
    </details>
  );
}
