import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Conversation,
  conversationSchema,
  type ForkConversation as Fork,
  forkConversationSchema,
  idSchema,
  type ListForks,
  listForksSchema,
} from '#contracts';
import { type CommandContext, ForkConversation, type Principal } from '#conversations';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { ConversationAccess } from '../conversations/conversation-access.service.js';
import { ConversationPages } from '../conversations/conversation-pages.service.js';
import { ConversationViews } from '../conversations/conversation-views.service.js';
import { Answers } from '../http/answers.decorator.js';
import { Context } from '../http/command-context.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';

/** Conversations that go on from another one. */
@ApiTags('forks')
@Controller('api/conversations/:id')
export class ForksController {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly access: ConversationAccess,
    private readonly pages: ConversationPages,
    private readonly views: ConversationViews,
  ) {}

  @Post('fork')
  @Answers(201, 'Makes a conversation that goes on from this one', conversationSchema)
  async fork(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Body({ schema: forkConversationSchema }) body: Fork,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Conversation> {
    const answer = await this.gateway.send(new ForkConversation(context, { conversationId, ...body }));
    void reply.header('Location', `/api/conversations/${answer.streamId}`);
    return this.views.after(context.principal, answer);
  }

  @Get('forks')
  @Answers(200, 'The forks of this conversation, newest created first', z.array(conversationSchema))
  async list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) forkedFrom: string,
    @Query({ schema: listForksSchema }) query: ListForks,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Conversation[] | undefined> {
    await this.access.requireReadable(principal, forkedFrom);
    return this.pages.list(principal, { ...query, forkedFrom }, request, reply);
  }
}
