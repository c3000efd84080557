import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import {
  DEFAULT_SEARCH_LIMIT,
  type SearchHitResource,
  type SearchPageResource,
  type SearchQuery,
} from '#contracts';
import type { Principal } from '#conversations';
import { CursorInvalid, type SearchHit, type SearchPage, SearchRefused, Searches } from '#projections';
import { sendLinks } from '../http/page-links.js';
import { ProblemError } from '../http/problem.error.js';

/** Pages of what was found. */
@Injectable()
export class SearchPages {
  constructor(private readonly searches: Searches) {}

  async page(principal: Principal, query: SearchQuery, reply: FastifyReply): Promise<SearchPageResource> {
    const { limit = DEFAULT_SEARCH_LIMIT } = query;
    const { hits, next, lag } = await this.find(principal, { ...query, limit });
    if (next !== undefined)
      sendLinks(reply, '/api/search', [{ rel: 'next', query: { ...query, limit, cursor: next } }]);
    return { hits: hits.map(hitResource), ...(next !== undefined && { next }), lag };
  }

  private async find(principal: Principal, request: SearchQuery & { limit: number }): Promise<SearchPage> {
    try {
      return await this.searches.page(principal, request);
    } catch (error) {
      if (error instanceof SearchRefused)
        throw new ProblemError(400, error.code, `q ${error.message}.`, { field: 'q' });
      if (error instanceof CursorInvalid)
        throw new ProblemError(400, 'invalid_cursor', 'cursor is not one of this search.', {
          field: 'cursor',
        });
      throw error;
    }
  }
}

function hitResource({ title, projectId, ...hit }: SearchHit): SearchHitResource {
  return { ...hit, ...(title !== null && { title }), ...(projectId !== null && { projectId }) };
}
