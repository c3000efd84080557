import type { Conversation } from '#contracts';
import type { ChatLogError } from '#client';

export type UseConversationListOptions = {
  pageSize?: number;
  /** Those in the trash too. */
  includeTrashed?: boolean;
};

/** Conversations, newest created first. */
export type UseConversationListResult = {
  conversations: Conversation[];
  loading: boolean;
  error: ChatLogError | null;
  hasMore: boolean;
  loadMore: () => Promise<void>;
  loadingMore: boolean;
  refresh: () => Promise<void>;
  rename: (id: string, title: string) => Promise<void>;
  archive: (id: string, archived?: boolean) => Promise<void>;
  /** Into the trash; `restore` undoes it. */
  trash: (id: string) => Promise<void>;
  restore: (id: string) => Promise<void>;
};
