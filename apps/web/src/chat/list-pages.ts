import type { UseMessagesResult } from '#react';
import type { PastView } from './past-view.js';

/** How a list of messages gets those before and after its own. */
export type ListPages = {
  hasOlder: boolean;
  loadingOlder: boolean;
  loadOlder: () => Promise<void>;
  /** Why the page before could not be loaded, until it is asked for again. */
  olderError: Error | null;
  hasNewer: boolean;
  loadNewer: () => Promise<void>;
  newerError: Error | null;
  /** Shows the first messages of all, in place of those that are shown. */
  toFirst: () => Promise<unknown>;
  toLatest: () => void;
};

const nothing = () => Promise.resolve();

/** The pages of the conversation as it is. */
export function pagesOfNow(now: UseMessagesResult): ListPages {
  return {
    hasOlder: now.hasMore,
    loadingOlder: now.loadingMore,
    loadOlder: now.loadMore,
    olderError: now.loadMoreError,
    hasNewer: now.hasNewer,
    loadNewer: now.loadNewer,
    newerError: now.loadNewerError,
    toFirst: () => now.jumpTo(1),
    toLatest: now.jumpToLatest,
  };
}

/** The pages of the conversation as it was: they end at the moment that is shown. */
export function pagesOfPast(past: PastView | null): ListPages {
  return {
    hasOlder: past?.hasEarlier ?? false,
    loadingOlder: past?.isLoadingEarlier ?? false,
    loadOlder: past?.loadEarlier ?? nothing,
    olderError: past?.error ?? null,
    hasNewer: false,
    loadNewer: nothing,
    newerError: null,
    // the past is read from its end: its first loaded message is as far as one key leads
    toFirst: nothing,
    toLatest: () => undefined,
  };
}
