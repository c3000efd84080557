import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AdminActions } from '#admin';
import type { Principal } from '#commands';
import {
  DEFAULT_PAGE_LIMIT,
  emptyBodySchema,
  type ListParked,
  listParkedSchema,
  type ParkedGroupResource,
  parkedGroupSchema,
  parkedIdSchema,
  type ParkedStreamResource,
  parkedStreamSchema,
  type RetryParked,
  retryParkedSchema,
  type Retried,
  retriedSchema,
} from '#contracts';
import { ParkedQueries } from '#projections';
import { Answers } from '../http/answers.decorator.js';
import { cursorLinks, sendLinks } from '../http/page-links.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { readPage } from '../http/read-page.js';
import { RequireScope } from '../http/require-scope.decorator.js';
import { Acting, type ActingAdmin } from './acting-admin.decorator.js';
import { parkedIdOf, parkedKeyOf } from './parked-id.js';

/** Streams that a projection has given up: which, why, and another try. */
@ApiTags('admin')
@RequireScope('admin:write')
@Controller('api/admin/parked')
export class ParkedController {
  constructor(
    private readonly parked: ParkedQueries,
    private readonly actions: AdminActions,
  ) {}

  @Get()
  @RequireScope('admin:read')
  @Answers(200, 'Parked streams, newest first', z.array(parkedStreamSchema))
  async list(
    @CurrentPrincipal() { tenantId }: Principal,
    @Query({ schema: listParkedSchema }) query: ListParked,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ParkedStreamResource[]> {
    const { limit = DEFAULT_PAGE_LIMIT, fingerprint } = query;
    const page = await readPage(query, () => this.parked.page({ ...query, tenantId, limit }));
    sendLinks(reply, '/api/admin/parked', cursorLinks({ next: page.next }, { fingerprint, limit }));
    return page.items.map((item) => ({ id: parkedIdOf(item), ...item }));
  }

  @Get('groups')
  @RequireScope('admin:read')
  @Answers(200, 'Parked streams by what is wrong with them, the most first', z.array(parkedGroupSchema))
  async groups(@CurrentPrincipal() { tenantId }: Principal): Promise<ParkedGroupResource[]> {
    const groups = await this.parked.groups(tenantId);
    return groups.map(({ example, ...group }) => {
      const id = parkedIdOf({ projection: group.projection, ...example });
      return { ...group, example: { id, ...example } };
    });
  }

  @Post('retry')
  @Answers(200, 'Tries all again, or those of one fault', retriedSchema)
  @HttpCode(200)
  retryAll(
    @Acting() { by, once }: ActingAdmin,
    @Body({ schema: retryParkedSchema }) body: RetryParked,
  ): Promise<Retried> {
    return this.actions.retryAllParked(by, body ?? {}, once);
  }

  @Post(':id/retry')
  @Answers(200, 'Tries one again', retriedSchema)
  @HttpCode(200)
  async retry(
    @Acting() { by, once }: ActingAdmin,
    @Param('id', { schema: parkedIdSchema }) id: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Retried> {
    return this.actions.retryParked(by, parkedKeyOf(id), once);
  }
}
