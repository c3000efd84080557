import { useVirtualizer, type VirtualItem, type Virtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { useCallback, useRef, type ReactNode } from 'react';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/words.js';
import type { ListPages } from './list-pages.js';
import { LiveRow } from './live-row.js';
import { MessageRow } from './message-row.js';
import { PageFailedNote } from './page-failed-note.js';
import type { Row } from './rows.js';
import { useAtEnd } from './use-at-end.js';
import { useListEnds } from './use-list-ends.js';
import { useMorePages } from './use-more-pages.js';
import { useScrollToTarget } from './use-scroll-to-target.js';

/** Rows of a chat are about so high until they are measured. */
const ESTIMATE_PX = 96;
/** Room above the first row, for what is said of the pages before it. */
const HEAD_PX = 32;
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
  const { hasOlder, loadingOlder, loadOlder, olderError, hasNewer, loadNewer, newerError } = pages;
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
    paddingStart: HEAD_PX,
    paddingEnd: 24,
    useAnimationFrameWithResizeObserver: false,
  });
  list.shouldAdjustScrollPositionOnItemSizeChange = isAboveSight;
  // while one scrolls the list itself waits for the browser to tell of a new row's height: a frame too late for some
  const measure = useCallback(
    (element: HTMLDivElement | null) => {
      list.measureElement(element);
      if (element) list.resizeItem(Number(element.dataset.index), element.offsetHeight);
    },
    [list],
  );
  const items = list.getVirtualItems();
  const isAtEnd = useAtEnd(frame, END_PX);
  useMorePages({ count: rows.length, first: items[0]?.index ?? 0, last: items.at(-1)?.index ?? 0 }, pages);
  const { goToEnd, onKeyDown } = useListEnds(list, { rows, pages, sent });

  const index = target === undefined ? -1 : rows.findIndex(({ message }) => message.id === target);
  useScrollToTarget(list, frame, { target, index });

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={frame}
        className="h-full overflow-y-auto overscroll-contain [overflow-anchor:none]"
        role="log"
        aria-live="off"
        aria-label={words.chat.messages}
        tabIndex={0}
        onKeyDown={onKeyDown}
        data-scroll
      >
        <div className="relative w-full" style={{ height: list.getTotalSize() }}>
          <div className="absolute top-0 w-full">
            <p className="pt-2 text-center text-xs text-faint" aria-live="polite">
              {loadingOlder
                ? words.chat.loadingOlder
                : hasOlder || rows.length === 0
                  ? ''
                  : words.chat.beginning}
            </p>
            <PageFailedNote error={olderError} onRetry={loadOlder} />
          </div>
          {items.map(({ key, index, start }) => {
            const row = rows[index];
            if (!row) return null;
            const isWritten = isLive && !isSettled(row);
            return (
              <div
                key={key}
                ref={measure}
                data-index={index}
                className={`absolute top-0 left-0 w-full ${row.message.id === target ? 'is-target' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
              >
                {isWritten ? <LiveRow row={row} /> : <MessageRow row={row} />}
              </div>
            );
          })}
        </div>
        <PageFailedNote error={newerError} onRetry={loadNewer} />
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

/**
 * Whether what one reads must be kept in its place as a row becomes higher or lower: where the row begins above it and is
 * measured for the first time, or is all above it. The list's own rule leaves the second out while one scrolls up.
 */
function isAboveSight(
  { key, start, size }: VirtualItem,
  _delta: number,
  { itemSizeCache, scrollOffset }: Virtualizer<HTMLDivElement, Element>,
): boolean {
  const top = scrollOffset ?? 0;
  return itemSizeCache.has(key) ? start + size <= top : start < top;
}

const isSettled = ({ message }: Row): boolean =>
  message.streamingStatus === 'complete' || message.streamingStatus === 'error';
