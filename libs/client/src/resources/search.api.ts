import type { Message, SearchHitResource, SearchPageResource } from '#contracts';
import type { RequestOptions } from '../http/request-options.js';
import type { Transport } from '../http/transport.js';

/** What is looked for. Words as in a web search: `"a phrase"`, `or`, `-without`; the last word may be a beginning. */
export type SearchQuery = {
  q: string;
  projectId?: string;
  conversationId?: string;
  role?: Message['role'];
  /** ISO 8601 times, both inclusive. */
  from?: string;
  to?: string;
  status?: Message['streamingStatus'];
  archived?: boolean;
  limit?: number;
  cursor?: string;
};

/** A message that was found. */
export type SearchHit = SearchHitResource;

/** Full-text search over the messages that one may read. */
export class SearchApi {
  constructor(private readonly transport: Transport) {}

  /** Newest made first; `next` is for `cursor`. `lag` tells what could not be found yet. */
  find(query: SearchQuery, options?: RequestOptions): Promise<SearchPageResource> {
    return this.transport.get('/api/search', query, options);
  }
}
