import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  idSchema,
  type ListEvents,
  listEventsSchema,
  logEventSchema,
  type StreamQuery,
  streamQuerySchema,
} from '#contracts';
import type { Principal } from '#conversations';
import { resumeCursor } from '#streaming';
import { Answers, AlsoAnswers } from '../http/answers.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { ConversationAccess } from '../conversations/conversation-access.service.js';
import { EventPages } from './event-pages.service.js';
import { EventStreams, orInvalidCursor } from './event-stream.service.js';

/** The log of one conversation: followed live, or paged. */
@ApiTags('log')
@Controller('api/conversations/:id')
export class LogController {
  constructor(
    private readonly access: ConversationAccess,
    private readonly streams: EventStreams,
    private readonly events: EventPages,
  ) {}

  @Get('stream')
  @AlsoAnswers(200, 'text/event-stream', 'The events after the cursor, then each as it is committed')
  @ApiHeader({ name: 'Last-Event-ID', required: false, schema: { type: 'integer', minimum: 0 } })
  async stream(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: streamQuerySchema }) { after, epoch }: StreamQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.access.requireReadable(principal, id);
    const lastEventId = request.headers['last-event-id'];
    const from = orInvalidCursor(() => resumeCursor({ lastEventId, after: after?.toString() }));
    const cursorField = lastEventId ? 'Last-Event-ID' : 'after';
    await this.streams.send(request, reply, { conversationId: id, after: from, cursorField, epoch });
  }

  @Get('events')
  @Answers(200, 'A page of events by rising seq', z.array(logEventSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listEventsSchema }) query: ListEvents,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.access.requireReadable(principal, id);
    await this.events.send(id, query, request, reply);
  }
}
