import { Body, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AdminActions } from '#admin';
import {
  DEFAULT_PAGE_LIMIT,
  emptyBodySchema,
  idSchema,
  type LimitedList,
  limitedListSchema,
  rebuildDifferenceSchema,
  rebuildSchema,
} from '#contracts';
import { type Rebuild, type RebuildDifference, Rebuilds } from '#projections';
import { asksFor } from '../http/accepts.js';
import { AlsoAnswers, Answers } from '../http/answers.decorator.js';
import { notFound } from '../http/problem.error.js';
import { RequireScope } from '../http/require-scope.decorator.js';
import { Acting, type ActingAdmin } from './acting-admin.decorator.js';
import { RebuildProgress } from './rebuild-progress.service.js';

/** Rebuilds: how they get on, and what can be done with them. */
@ApiTags('admin')
@RequireScope('admin:write')
@Controller('api/admin/rebuilds')
export class RebuildsController {
  constructor(
    private readonly rebuilds: Rebuilds,
    private readonly progress: RebuildProgress,
    private readonly actions: AdminActions,
  ) {}

  @Get()
  @RequireScope('admin:read')
  @Answers(200, 'Rebuilds, newest first', z.array(rebuildSchema))
  list(
    @Query({ schema: limitedListSchema }) { limit = DEFAULT_PAGE_LIMIT }: LimitedList,
  ): Promise<Rebuild[]> {
    return this.rebuilds.list(limit);
  }

  @Get(':id')
  @RequireScope('admin:read')
  @Answers(200, 'A rebuild as it stands, or as it gets on', rebuildSchema)
  @AlsoAnswers(200, 'text/event-stream', 'The rebuild, about every second, until it is over')
  async get(
    @Param('id', { schema: idSchema }) id: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const rebuild = await this.existing(id);
    if (asksFor(request, 'text/event-stream')) await this.progress.send(rebuild, request, reply);
    else void reply.send(rebuild);
  }

  @Get(':id/differences')
  @RequireScope('admin:read')
  @Answers(200, 'The first streams that the comparison found to differ', z.array(rebuildDifferenceSchema))
  async differences(
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: limitedListSchema }) { limit = DEFAULT_PAGE_LIMIT }: LimitedList,
  ): Promise<RebuildDifference[]> {
    await this.existing(id);
    return this.rebuilds.differences(id, limit);
  }

  @Post(':id/pause')
  @Answers(200, 'Stops it where it stands', rebuildSchema)
  @HttpCode(200)
  pause(
    @Acting() { by, once }: ActingAdmin,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Rebuild> {
    return this.actions.pause(by, id, once);
  }

  @Post(':id/resume')
  @Answers(200, 'Goes on where it stopped', rebuildSchema)
  @HttpCode(200)
  resume(
    @Acting() { by, once }: ActingAdmin,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Rebuild> {
    return this.actions.resume(by, id, once);
  }

  @Post(':id/cancel')
  @Answers(200, 'Ends it and drops what it made', rebuildSchema)
  @HttpCode(200)
  cancel(
    @Acting() { by, once }: ActingAdmin,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Rebuild> {
    return this.actions.cancel(by, id, once);
  }

  @Post(':id/accept')
  @Answers(200, 'Lets its rows go live although they differ from the old ones', rebuildSchema)
  @HttpCode(200)
  accept(
    @Acting() { by, once }: ActingAdmin,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Rebuild> {
    return this.actions.accept(by, id, once);
  }

  private async existing(id: string): Promise<Rebuild> {
    const rebuild = await this.rebuilds.get(id);
    if (!rebuild) throw notFound('rebuild');
    return rebuild;
  }
}
