import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/words.js';
import type { ListPages } from './list-pages.js';
import { LiveRow } from './live-row.js';
import { MessageRow } from './message-row.js';
import type { Row } from './rows.js';
import { useAtEnd } from './use-at-end.js';
import { useScrollToTarget } from './use-scroll-to-target.js';

/** Rows of a chat are about so high until they are measured. */
const ESTIMATE_PX = 96;
/** Older messages are asked for when so few are left above. */
const ROWS_AHEAD = 12;
/** So near the end counts as at the end: new text is followed. */
const END_PX = 80;

type Props = {
  rows: readonly Row[];
  pages: ListPages;
  /** The message to bring into sight, once it is among the rows. */
  target?: string;
  /** Counts what was sent: whoever sends wants to see it, wherever they were reading. */
  sent: number;
  /** Rows that are being written show themselves as they are now. */
  isLive: boolean;
  footer: ReactNode;
};

/**
 * The messages as a list in which only what is in sight exists. It holds on to its end: text that streams is followed while
 * one reads there, and older messages that come in above move nothing.
 */
export function MessageList(props: Props) {
  const { rows, pages, target, sent, isLive, footer } = props;
  const { hasOlder, loadingOlder, loadOlder, hasNewer, loadNewer, toLatest } = pages;
  const frame = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ESTIMATE_PX,
    getItemKey: (index) => rows[index]?.message.id ?? index,
    overscan: 6,
    anchorTo: 'end',
    followOnAppend: !hasNewer,
    scrollEndThreshold: END_PX,
    initialOffset: Number.MAX_SAFE_INTEGER,
    paddingEnd: 24,
    useAnimationFrameWithResizeObserver: false,
  });
  const items = list.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const isAtEnd = useAtEnd(frame, END_PX);

  useEffect(() => {
    if (hasOlder && !loadingOlder && rows.length > 0 && first < ROWS_AHEAD) void loadOlder();
  }, [hasOlder, loadingOlder, rows.length, first, loadOlder]);
  useEffect(() => {
    if (hasNewer && last >= rows.length - ROWS_AHEAD) void loadNewer();
  }, [hasNewer, last, rows.length, loadNewer]);

  const index = target === undefined ? -1 : rows.findIndex(({ message }) => message.id === target);
  useScrollToTarget(list, frame, { target, index });

  const goToEnd = () => {
    if (hasNewer) toLatest();
    else list.scrollToEnd();
  };
  useEffect(() => {
    if (sent > 0) goToEnd();
    // once for each that is sent
  }, [sent]);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={frame}
        className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none]"
        role="log"
        aria-live="off"
        aria-label={words.chat.messages}
        tabIndex={0}
        data-scroll
      >
        <p className="h-8 pt-2 text-center text-xs text-faint" aria-live="polite">
          {loadingOlder ? words.chat.loadingOlder : hasOlder || rows.length === 0 ? '' : words.chat.beginning}
        </p>
        <div className="relative w-full" style={{ height: list.getTotalSize() }}>
          {items.map(({ key, index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const isWritten = isLive && !isSettled(row);
            return (
              <div
                key={key}
                ref={list.measureElement}
                data-index={index}
                className={`absolute top-0 left-0 w-full ${row.message.id === target ? 'is-target' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                {isWritten ? <LiveRow row={row} /> : <MessageRow row={row} />}
              </div>
            );
          })}
        </div>
        {footer}
      </div>
      {(!isAtEnd || hasNewer) && (
        <IconButton
          icon={ArrowDown}
          label={words.chat.toLatest}
          onClick={goToEnd}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full! border border-line bg-raised shadow-float"
        />
      )}
    </div>
  );
}

const isSettled = ({ message }: Row): boolean =>
  message.streamingStatus === 'complete' || message.streamingStatus === 'error';
