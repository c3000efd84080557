import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type RefObject } from 'react';

type List = Pick<Virtualizer<HTMLDivElement, HTMLDivElement>, 'scrollToIndex'>;

/** By these a person moves the list. */
const moves = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Brings a row into the middle of the list, and keeps it there while pages come in above it and rows are measured, until the
 * reader moves. `index` is -1 while the row is not there.
 */
export function useScrollToTarget(
  list: List,
  frame: RefObject<HTMLElement | null>,
  { target, index }: { target: string | undefined; index: number },
): void {
  const isHeld = useRef(false);
  useEffect(() => {
    isHeld.current = target !== undefined;
    const element = frame.current;
    const release = () => {
      isHeld.current = false;
    };
    for (const move of moves) element?.addEventListener(move, release, { passive: true });
    return () => {
      for (const move of moves) element?.removeEventListener(move, release);
    };
  }, [frame, target]);
  useEffect(() => {
    if (index >= 0 && isHeld.current) list.scrollToIndex(index, { align: 'center' });
  }, [index, list, target]);
}
