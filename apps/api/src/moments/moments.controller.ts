import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type ConversationAt,
  type ConversationTimelineResource,
  type ExportQuery,
  exportQuerySchema,
  idSchema,
  type StateQuery,
  stateQuerySchema,
  stateSchema,
  type TimelineQuery,
  timelineQuerySchema,
  timelineSchema,
} from '#contracts';
import type { Principal } from '#conversations';
import { ConversationAccess } from '../conversations/conversation-access.service.js';
import { Answers, AnswersWithFile } from '../http/answers.decorator.js';
import { Exports } from '../export/exports.service.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { StateViews } from './state-views.service.js';
import { TimelineViews } from './timeline-views.service.js';

/** One conversation at any moment: what it was, the track to slide on, and all of it to take away. */
@ApiTags('log')
@Controller('api/conversations/:id')
export class MomentsController {
  constructor(
    private readonly access: ConversationAccess,
    private readonly states: StateViews,
    private readonly timelines: TimelineViews,
    private readonly exports: Exports,
  ) {}

  @Get('state')
  @Answers(200, 'What the conversation was at a moment', stateSchema)
  async state(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: stateQuerySchema }) query: StateQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConversationAt | undefined> {
    await this.access.requireReadable(principal, id);
    return this.states.at(principal, id, query, request, reply);
  }

  @Get('timeline')
  @Answers(200, 'The track that a slider runs on', timelineSchema)
  async timeline(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: timelineQuerySchema }) query: TimelineQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConversationTimelineResource | undefined> {
    await this.access.requireReadable(principal, id);
    return this.timelines.of(principal, id, query, request, reply);
  }

  @Get('export')
  @AnswersWithFile('The conversation as a file: all branches, tool calls and their results included', [
    'text/markdown',
    'application/json',
    'application/x-ndjson',
  ])
  async export(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: exportQuerySchema }) query: ExportQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.access.requireReadable(principal, id);
    await this.exports.send(principal, id, query, request, reply);
  }
}
