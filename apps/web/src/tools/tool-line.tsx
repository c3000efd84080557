import type { Message } from '#contracts';
import { ChevronRight } from 'lucide-react';
import { memo, Suspense, useId, useState } from 'react';
import { words } from '../words/words.js';
import { LineCounts } from './line-counts.js';
import { toolIcons } from './tool-icons.js';
import { toolSummary } from './tool-summary.js';
import { lazyPart } from '../shell/lazy-part.js';

const ToolDetail = lazyPart(() =>
  import('./tool-detail.js').then((module) => ({ default: module.ToolDetail })),
);

/** A tool call: one quiet line, which opens to what went in, what came out and what changed. */
export const ToolLine = memo(function ToolLine({ message }: { message: Message }) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const summary = toolSummary(message);
  const Icon = toolIcons[summary.kind];
  const hasFailed = message.streamingStatus === 'error';
  const isRunning = message.streamingStatus === 'pending' || message.streamingStatus === 'streaming';
  return (
    <div className="border-s-2 border-line ps-3">
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
        className="group/tool -ms-1 flex max-w-full items-center gap-2 rounded-md px-1 py-[0.3rem] text-left text-[0.8125rem] leading-5 text-soft hover:text-ink"
      >
        <Icon
          size={14}
          strokeWidth={1.75}
          aria-hidden
          className={`shrink-0 ${isRunning ? 'animate-pulse text-live' : hasFailed ? 'text-danger' : 'text-faint'}`}
        />
        <span className="shrink-0">{summary.verb}</span>
        {summary.subject !== undefined && (
          <span className="truncate font-mono text-xs text-ink" dir="auto">
            {summary.subject}
          </span>
        )}
        <span className="flex shrink-0 gap-1.5 font-mono text-xs">
          <LineCounts added={summary.added} removed={summary.removed} />
        </span>
        {hasFailed && <span className="shrink-0 text-danger">{words.tools.failed}</span>}
        <ChevronRight
          size={13}
          aria-hidden
          className={`shrink-0 text-faint transition-transform duration-150 ${isOpen ? 'rotate-90' : 'opacity-0 group-hover/tool:opacity-100 group-focus-visible/tool:opacity-100'}`}
        />
      </button>
      <div id={id} hidden={!isOpen}>
        {isOpen && (
          <Suspense>
            <ToolDetail message={message} />
          </Suspense>
        )}
      </div>
    </div>
  );
});
