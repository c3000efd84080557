import type { Message } from '#contracts';
import { toolIcons } from '../tools/tool-icons.js';
import { toolSummary } from '../tools/tool-summary.js';
import { words } from '../words/words.js';

type Props = { message: Message; isFirst: boolean };

/** Calls that are still being written: they become rows of their own once they run. Until anything comes, three dots. */
export function UpcomingCalls({ message, isFirst }: Props) {
  const calls = (message.blocks ?? []).filter(({ type }) => type === 'tool_use');
  const hasText = message.content !== '';
  if (calls.length === 0) return hasText || !isFirst ? null : <Dots />;
  return (
    <div className={hasText ? 'mt-3' : ''}>
      {calls.map((call, index) => {
        const toolName = typeof call.name === 'string' ? call.name : undefined;
        const summary = toolSummary({ toolName, toolCall: call.input as Message['toolCall'] });
        const Icon = toolIcons[summary.kind];
        return (
          <p
            key={typeof call.id === 'string' ? call.id : index}
            className="flex items-center gap-2 border-s-2 border-line py-1 ps-3 text-[0.8125rem] text-soft"
          >
            <Icon size={14} strokeWidth={1.75} aria-hidden className="animate-pulse text-live" />
            <span>{summary.verb}</span>
            <span className="truncate font-mono text-xs">{summary.subject ?? ''}</span>
          </p>
        );
      })}
    </div>
  );
}

function Dots() {
  return (
    <p className="flex h-7 items-center gap-1.5" aria-label={words.action.waiting} role="img">
      {[0, 150, 300].map((delay) => (
        <span
          key={delay}
          className="size-1.5 animate-pulse rounded-full bg-live"
          style={{ animationDelay: `${delay}ms` }}
        />
      ))}
    </p>
  );
}
