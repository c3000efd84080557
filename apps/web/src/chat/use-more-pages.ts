import { useEffect } from 'react';
import type { ListPages } from './list-pages.js';

/** Pages are asked for when so few rows are left on that side. */
const ROWS_AHEAD = 12;

type Rows = { count: number; first: number; last: number };

/** Loads what is about to come into sight, a page at a time. What failed is asked for again by the reader, and not by itself. */
export function useMorePages({ count, first, last }: Rows, pages: ListPages): void {
  const { hasOlder, loadingOlder, loadOlder, olderError, hasNewer, loadNewer, newerError } = pages;
  useEffect(() => {
    if (hasOlder && !loadingOlder && !olderError && first < ROWS_AHEAD) void loadOlder();
  }, [hasOlder, loadingOlder, olderError, first, loadOlder]);
  useEffect(() => {
    if (hasNewer && !newerError && last >= count - ROWS_AHEAD) void loadNewer();
  }, [hasNewer, newerError, last, count, loadNewer]);
}
