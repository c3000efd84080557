import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type SearchPageResource, searchPageSchema, type SearchQuery, searchQuerySchema } from '#contracts';
import type { Principal } from '#conversations';
import { Answers } from '../http/answers.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { SearchPages } from './search-pages.service.js';

/** Finds messages by their text, across conversations. */
@ApiTags('search')
@Controller('api/search')
export class SearchController {
  constructor(private readonly pages: SearchPages) {}

  @Get()
  @Answers(200, 'Messages that were found, newest first, and how far search lags', searchPageSchema)
  search(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: searchQuerySchema }) query: SearchQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SearchPageResource> {
    return this.pages.page(principal, query, reply);
  }
}
