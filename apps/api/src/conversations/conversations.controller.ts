import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Conversation,
  conversationSchema,
  conversationWithMessagesSchema,
  emptyBodySchema,
  type GetConversation,
  getConversationSchema,
  idSchema,
  type ListConversations,
  listConversationsSchema,
  type SelectBranch,
  selectBranchSchema,
  type StartConversation,
  startConversationSchema,
  type UpdateConversation,
  updateConversationSchema,
} from '#contracts';
import {
  ArchiveConversation,
  type CommandAnswer,
  type CommandContext,
  type Principal,
  RenameConversation,
  RestoreConversation,
  SelectBranch as SelectBranchCommand,
  StartConversation as StartConversationCommand,
  TrashConversation,
  UnarchiveConversation,
} from '#conversations';
import { Answers } from '../http/answers.decorator.js';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { Context, partOf } from '../http/command-context.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { ConversationPages } from './conversation-pages.service.js';
import { ConversationViews } from './conversation-views.service.js';

/** Conversations: start, list, read, name, put away, bring back, choose a branch. */
@ApiTags('conversations')
@Controller('api/conversations')
export class ConversationsController {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly pages: ConversationPages,
    private readonly views: ConversationViews,
  ) {}

  @Get()
  @Answers(200, 'Conversations, newest created first', z.array(conversationSchema))
  list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: listConversationsSchema }) query: ListConversations,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Conversation[] | undefined> {
    return this.pages.list(principal, query, request, reply);
  }

  @Post()
  @Answers(201, 'Starts a conversation', conversationSchema)
  async start(
    @Context() context: CommandContext,
    @Body({ schema: startConversationSchema }) body: StartConversation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Conversation> {
    const answer = await this.gateway.send(new StartConversationCommand(context, body));
    void reply.header('Location', `/api/conversations/${answer.streamId}`);
    return this.views.after(context.principal, answer);
  }

  @Get(':id')
  @Answers(200, 'A conversation with its first 100 messages', conversationWithMessagesSchema)
  get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: getConversationSchema }) query: GetConversation,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.views.withMessages(principal, id, query, request, reply);
  }

  @Patch(':id')
  @Answers(200, 'Names a conversation, or puts it away or back', conversationSchema)
  async update(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Body({ schema: updateConversationSchema }) { title, archived }: UpdateConversation,
  ): Promise<Conversation> {
    let answer: CommandAnswer | undefined;
    if (title !== undefined) {
      answer = await this.gateway.send(new RenameConversation(context, { conversationId, title }));
    }
    if (archived !== undefined) {
      const PutAway = archived ? ArchiveConversation : UnarchiveConversation;
      const own = answer ? partOf(context, 'archived') : context;
      answer = await this.gateway.send(new PutAway(own, { conversationId }));
    }
    if (!answer) throw new Error('a change of nothing was let in');
    return this.views.after(context.principal, answer);
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers(204, 'Moves a conversation to the trash')
  async trash(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
  ): Promise<void> {
    await this.gateway.send(new TrashConversation(context, { conversationId }));
  }

  @Post(':id/restore')
  @Answers(200, 'Takes a conversation out of the trash', conversationSchema)
  @HttpCode(200)
  async restore(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<Conversation> {
    const answer = await this.gateway.send(new RestoreConversation(context, { conversationId }));
    return this.views.after(context.principal, answer);
  }

  @Post(':id/branch')
  @Answers(200, 'Chooses the branch that lists, context and state follow', conversationSchema)
  @HttpCode(200)
  async selectBranch(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Body({ schema: selectBranchSchema }) { leafId }: SelectBranch,
  ): Promise<Conversation> {
    const answer = await this.gateway.send(new SelectBranchCommand(context, { conversationId, leafId }));
    return this.views.after(context.principal, answer);
  }
}
