import { useEffect, useState, type RefObject } from 'react';

/** Whether a scrolling box shows its end, to within so many pixels. */
export function useAtEnd(box: RefObject<HTMLElement | null>, threshold: number): boolean {
  const [isAtEnd, setIsAtEnd] = useState(true);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => {
      setIsAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight <= threshold);
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    return () => element.removeEventListener('scroll', look);
  }, [box, threshold]);
  return isAtEnd;
}
