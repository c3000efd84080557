import type { Message } from '#contracts';
import { useRef } from 'react';
import { rowsOf, type Row, type RowsAround } from './rows.js';

type Last = RowsAround & { messages: readonly Message[]; rows: readonly Row[] };

/** The messages as rows, which keep their identity while they do not change. */
export function useRows(messages: readonly Message[], { hasOlder, hasNewer }: RowsAround): readonly Row[] {
  const last = useRef<Last>({ messages: [], hasOlder: false, hasNewer: false, rows: [] });
  const { current } = last;
  const isSame =
    current.messages === messages && current.hasOlder === hasOlder && current.hasNewer === hasNewer;
  // a cache, and nothing else: a render that is thrown away leaves it right
  if (!isSame) {
    const rows = rowsOf(messages, current.rows, { hasOlder, hasNewer });
    last.current = { messages, hasOlder, hasNewer, rows };
  }
  return last.current.rows;
}
