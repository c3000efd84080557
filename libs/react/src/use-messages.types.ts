import type { Message } from '#contracts';
import type { ChatLogError, MessageChanges, Moment, NewMessage } from '#client';

export type UseMessagesOptions = {
  /** Messages a page; 50 when absent. */
  pageSize?: number;
  /** As it was at that moment, and not as it is. */
  at?: Moment;
  /** Deltas do not change `messages`: the row that is written reads itself with `useMessage`, and it alone renders. */
  quiet?: boolean;
};

/** Messages of the selected branch, oldest first: a part without gaps, which pages make longer at both ends. */
export type UseMessagesResult = {
  /** A message keeps its identity while it does not change, so rows can be memoised by it. */
  messages: readonly Message[];
  /** Nothing can be shown yet: neither read nor remembered. */
  loading: boolean;
  error: ChatLogError | null;
  /** There are older ones. */
  hasMore: boolean;
  /** Reads a page of older ones. Never rejects. */
  loadMore: () => Promise<void>;
  loadingMore: boolean;
  /** Why the last page of older ones could not be read; null once `loadMore` asks again. */
  loadMoreError: ChatLogError | null;
  /** There are newer ones than the last that is shown: after a jump. */
  hasNewer: boolean;
  /** Reads a page of newer ones. Never rejects. */
  loadNewer: () => Promise<void>;
  /** Why the last page of newer ones could not be read; null once `loadNewer` asks again. */
  loadNewerError: ChatLogError | null;
  /** Shows the messages around that seq, or around that message. False where that one is not on the selected branch. */
  jumpTo: (target: number | string) => Promise<boolean>;
  /** Shows the newest ones again. */
  jumpToLatest: () => void;
  /** The message that is being written. */
  streamingId: string | null;
  /** What is shown is remembered from an earlier visit and not read yet. */
  isStale: boolean;
  refresh: () => Promise<void>;
  /** Writes a message without asking Claude. */
  addMessage: (message: NewMessage) => Promise<Message>;
  updateMessage: (id: string, changes: MessageChanges) => Promise<Message>;
  /** Shows none until `refresh` or `jumpToLatest`; the log keeps them. */
  clearMessages: () => void;
};
