import { RotateCcw } from 'lucide-react';
import { Markdown } from '../markdown/markdown.js';
import { CopyButton } from '../shell/copy-button.js';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/words.js';
import { useChatActions } from './chat-actions.js';
import { MessageBar } from './message-bar.js';
import { outcomeOf } from './message-outcome.js';
import { OutcomeNote } from './outcome-note.js';
import type { Row } from './rows.js';
import { Thinking } from './thinking.js';
import { UpcomingCalls } from './upcoming-calls.js';

/** One step of Claude's answer: what it thought, folded, what it says, and how it ended. */
export function AssistantMessage({ row: { message, startsAnswer, endsAnswer } }: { row: Row }) {
  const { isNow, isBusy, regenerate } = useChatActions();
  const outcome = outcomeOf(message);
  const isStreaming = outcome.status === 'streaming' || outcome.status === 'pending';
  const hasBar = !isStreaming && (endsAnswer || message.siblings.count > 1);
  return (
    <article aria-label={words.chat.claude} className="group/message" aria-busy={isStreaming}>
      <Thinking message={message} isStreaming={isStreaming} />
      {message.content !== '' && (
        <div data-text className={isStreaming ? 'is-streaming' : undefined}>
          <Markdown text={message.content} isStreaming={isStreaming} />
        </div>
      )}
      {isStreaming && <UpcomingCalls message={message} isFirst={startsAnswer} />}
      <OutcomeNote outcome={outcome} onRetry={isNow && !isBusy ? () => regenerate(message) : undefined} />
      {hasBar && (
        <div className="-ms-2">
          <MessageBar message={message}>
            <CopyButton text={message.content} />
            {isNow && (
              <IconButton
                icon={RotateCcw}
                size={15}
                label={words.chat.regenerate}
                disabled={isBusy}
                onClick={() => void regenerate(message)}
              />
            )}
          </MessageBar>
        </div>
      )}
    </article>
  );
}
