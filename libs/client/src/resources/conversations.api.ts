import type { Conversation, ConversationWithMessages } from '#contracts';
import type { Page } from '../http/page.js';
import type { RequestOptions, WriteOptions } from '../http/request-options.js';
import type { Transport } from '../http/transport.js';

/** Which page of a list: at most one of `after`, `before` and `offset`. */
export type PageQuery = { limit?: number; after?: string; before?: string; offset?: number };

/** Conversations: listed, started, named, put away, thrown away and brought back, forked. */
export class ConversationsApi {
  constructor(private readonly transport: Transport) {}

  /** Newest created first; `next` is for `after`. */
  list(
    query: PageQuery & { projectId?: string; includeTrashed?: boolean } = {},
    options?: RequestOptions,
  ): Promise<Page<Conversation>> {
    return this.transport.list('/api/conversations', query, options);
  }

  /** With the first 100 messages of the selected branch; the newest ones are in `moments.state`. */
  get(
    id: string,
    query: { includeTrashed?: boolean } = {},
    options?: RequestOptions,
  ): Promise<ConversationWithMessages> {
    return this.transport.get(pathOf(id), query, options);
  }

  create(
    body: { projectId?: string | null; title?: string | null } = {},
    options?: WriteOptions,
  ): Promise<Conversation> {
    return this.transport.write('POST', '/api/conversations', body, options);
  }

  rename(id: string, title: string, options?: WriteOptions): Promise<Conversation> {
    return this.transport.write('PATCH', pathOf(id), { title }, options);
  }

  /** Puts it away, or back with `archived` false. */
  archive(id: string, archived = true, options?: WriteOptions): Promise<Conversation> {
    return this.transport.write('PATCH', pathOf(id), { archived }, options);
  }

  /** Into the trash: `restore` undoes it. */
  trash(id: string, options?: WriteOptions): Promise<void> {
    return this.transport.write('DELETE', pathOf(id), undefined, options);
  }

  restore(id: string, options?: WriteOptions): Promise<Conversation> {
    return this.transport.write('POST', `${pathOf(id)}/restore`, {}, options);
  }

  /** Chooses the branch that ends in that message. */
  selectBranch(id: string, leafId: string, options?: WriteOptions): Promise<Conversation> {
    return this.transport.write('POST', `${pathOf(id)}/branch`, { leafId }, options);
  }

  /** A new conversation that goes on after the event `at`, the head when absent. */
  fork(
    id: string,
    body: { at?: number; withProject?: boolean } = {},
    options?: WriteOptions,
  ): Promise<Conversation> {
    return this.transport.write('POST', `${pathOf(id)}/fork`, body, options);
  }

  /** Newest created first; `next` is for `after`. */
  forks(
    id: string,
    query: PageQuery & { includeTrashed?: boolean } = {},
    options?: RequestOptions,
  ): Promise<Page<Conversation>> {
    return this.transport.list(`${pathOf(id)}/forks`, query, options);
  }

  /** The address of a download: `markdown`, `json` or `ndjson`, as of `at`. */
  exportUrl(
    id: string,
    query: { format?: 'markdown' | 'json' | 'ndjson'; at?: number | string } = {},
  ): string {
    return this.transport.urlOf(`${pathOf(id)}/export`, query);
  }
}

/** The path of a conversation. */
export function pathOf(conversationId: string): string {
  return `/api/conversations/${encodeURIComponent(conversationId)}`;
}
