import type { UseMessagesResult } from '#react';
import type { PastView } from './past-view.js';

/** How a list of messages gets those before and after its own. */
export type ListPages = {
  hasOlder: boolean;
  loadingOlder: boolean;
  loadOlder: () => Promise<void>;
  hasNewer: boolean;
  loadNewer: () => Promise<void>;
  toLatest: () => void;
};

const nothing = () => Promise.resolve();

/** The pages of the conversation as it is. */
export function pagesOfNow({
  hasMore,
  loadingMore,
  loadMore,
  hasNewer,
  loadNewer,
  jumpToLatest,
}: UseMessagesResult) {
  return {
    hasOlder: hasMore,
    loadingOlder: loadingMore,
    loadOlder: loadMore,
    hasNewer,
    loadNewer,
    toLatest: jumpToLatest,
  };
}

/** The pages of the conversation as it was: they end at the moment that is shown. */
export function pagesOfPast(past: PastView | null): ListPages {
  return {
    hasOlder: past?.hasEarlier ?? false,
    loadingOlder: past?.isLoadingEarlier ?? false,
    loadOlder: past?.loadEarlier ?? nothing,
    hasNewer: false,
    loadNewer: nothing,
    toLatest: () => undefined,
  };
}
