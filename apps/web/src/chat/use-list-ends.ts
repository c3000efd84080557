import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, type KeyboardEvent } from 'react';
import type { ListPages } from './list-pages.js';

type List = Pick<Virtualizer<HTMLDivElement, Element>, 'scrollToEnd' | 'scrollToOffset'>;
type Ends = { rows: readonly unknown[]; pages: ListPages; sent: number };

/**
 * The ways to both ends of the chat, whatever of it is loaded: Home and End, and, whenever something was sent, the end. The
 * browser's own Home ends at what is loaded, and is undone by the next page that comes in above.
 */
export function useListEnds(list: List, { rows, pages, sent }: Ends) {
  const { hasOlder, hasNewer, toFirst, toLatest } = pages;
  const isOnWayToEnd = useRef(false);

  const goToStart = async () => {
    if (hasOlder) await toFirst();
    list.scrollToOffset(0);
  };
  const goToEnd = () => {
    isOnWayToEnd.current = hasNewer;
    if (hasNewer) toLatest();
    else list.scrollToEnd();
  };
  // the newest rows take the place of others: they are there now, and not painted yet
  useLayoutEffect(() => {
    if (isOnWayToEnd.current && !hasNewer) {
      isOnWayToEnd.current = false;
      list.scrollToEnd();
    }
  }, [rows, hasNewer, list]);
  useEffect(() => {
    if (sent > 0) goToEnd();
    // once for each that is sent
  }, [sent]);

  const onKeyDown = (event: KeyboardEvent) => {
    const { key, target, ctrlKey, metaKey, altKey, shiftKey } = event;
    const isWritten = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement;
    if ((key !== 'Home' && key !== 'End') || isWritten || ctrlKey || metaKey || altKey || shiftKey) return;
    event.preventDefault();
    if (key === 'End') goToEnd();
    else void goToStart();
  };
  return { goToStart, goToEnd, onKeyDown };
}
