import type { Message } from '#contracts';
import { useRef } from 'react';
import { rowsOf, type Row } from './rows.js';

/** The messages as rows, which keep their identity while they do not change. */
export function useRows(messages: readonly Message[]): readonly Row[] {
  const last = useRef<{ messages: readonly Message[]; rows: readonly Row[] }>({ messages: [], rows: [] });
  // a cache, and nothing else: a render that is thrown away leaves it right
  if (last.current.messages !== messages)
    last.current = { messages, rows: rowsOf(messages, last.current.rows) };
  return last.current.rows;
}
