import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type EditMessage as Edit,
  type GetConversation,
  getConversationSchema,
  editMessageSchema,
  idSchema,
  type ListMessages,
  listMessagesSchema,
  type Message,
  messageSchema,
  type PostMessage as NewMessage,
  postMessageSchema,
} from '#contracts';
import { type CommandContext, EditMessage, PostMessage, type Principal, RemoveMessage } from '#conversations';
import { Answers } from '../http/answers.decorator.js';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { Context } from '../http/command-context.decorator.js';
import { CurrentPrincipal } from '../http/principal.decorator.js';
import { MessagePages } from './message-pages.service.js';
import { MessageViews } from './message-views.service.js';

/** Messages of one conversation, along its selected branch. */
@ApiTags('messages')
@Controller('api/conversations/:id/messages')
export class ConversationMessagesController {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly pages: MessagePages,
    private readonly views: MessageViews,
  ) {}

  @Get()
  @Answers(200, 'Messages of the selected branch, oldest first', z.array(messageSchema))
  list(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listMessagesSchema }) query: ListMessages,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message[] | undefined> {
    return this.pages.list(principal, id, query, request, reply);
  }

  @Post()
  @Answers(201, 'Adds a message', messageSchema)
  async post(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Body({ schema: postMessageSchema }) body: NewMessage,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message> {
    const answer = await this.gateway.send(new PostMessage(context, { conversationId, ...body }));
    const message = await this.views.after(context.principal, answer);
    void reply.header('Location', `/api/conversations/${conversationId}/messages/${message.id}`);
    return message;
  }

  @Get(':messageId')
  @Answers(200, 'A message, whatever branch it is on', messageSchema)
  get(
    @CurrentPrincipal() principal: Principal,
    @Param('id', { schema: idSchema }) id: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Query({ schema: getConversationSchema }) query: GetConversation,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Message | undefined> {
    return this.views.get(principal, { id, messageId, query }, request, reply);
  }

  @Patch(':messageId')
  @Answers(200, 'Revises a message', messageSchema)
  async edit(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Body({ schema: editMessageSchema }) body: Edit,
  ): Promise<Message> {
    const answer = await this.gateway.send(new EditMessage(context, { conversationId, messageId, ...body }));
    return this.views.after(context.principal, answer);
  }

  @Delete(':messageId')
  @HttpCode(204)
  @Answers(204, 'Removes a message')
  async remove(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
  ): Promise<void> {
    await this.gateway.send(new RemoveMessage(context, { conversationId, messageId }));
  }
}
