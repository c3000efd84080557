import { Body, Controller, Delete, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type AppendChunk as Chunk,
  appendChunkSchema,
  type CompleteMessage as Completion,
  completeMessageSchema,
  type EditMessage as Edit,
  editMessageSchema,
  idSchema,
  type Message,
  messageSchema,
  type Regenerate as Again,
  regenerateSchema,
  turnAcceptedSchema,
} from '#contracts';
import {
  AppendChunk,
  type CommandContext,
  CompleteMessage,
  EditMessage,
  Regenerate,
  RemoveMessage,
} from '#conversations';
import { Answers, AlsoAnswers } from '../http/answers.decorator.js';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { Context } from '../http/command-context.decorator.js';
import { TurnAnswers } from '../turns/turn-answers.service.js';
import { MessageViews } from './message-views.service.js';

/** Messages by their bare id: the conversation that created the message is meant. */
@ApiTags('messages')
@Controller('api/messages')
export class MessagesController {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly views: MessageViews,
    private readonly turns: TurnAnswers,
  ) {}

  @Patch(':id')
  @Answers(200, 'Revises a message', messageSchema)
  async edit(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) messageId: string,
    @Body({ schema: editMessageSchema }) body: Edit,
  ): Promise<Message> {
    const answer = await this.gateway.send(new EditMessage(context, { messageId, ...body }));
    return this.views.after(context.principal, answer);
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers(204, 'Removes a message')
  async remove(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) messageId: string,
  ): Promise<void> {
    await this.gateway.send(new RemoveMessage(context, { messageId }));
  }

  @Post(':id/stream')
  @Answers(200, 'Appends a chunk to a message', messageSchema)
  @HttpCode(200)
  async appendChunk(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) messageId: string,
    @Body({ schema: appendChunkSchema }) { chunk }: Chunk,
  ): Promise<Message> {
    const answer = await this.gateway.send(new AppendChunk(context, { messageId, chunk }));
    return this.views.after(context.principal, answer);
  }

  @Post(':id/complete')
  @Answers(200, 'Ends the writing of a message', messageSchema)
  @HttpCode(200)
  async complete(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) messageId: string,
    @Body({ schema: completeMessageSchema }) body: Completion,
  ): Promise<Message> {
    const answer = await this.gateway.send(new CompleteMessage(context, { messageId, ...body }));
    return this.views.after(context.principal, answer);
  }

  @Post(':id/regenerate')
  @Answers(202, 'Has a message answered anew', turnAcceptedSchema)
  @AlsoAnswers(200, 'text/event-stream', 'The turn, as it happens')
  @HttpCode(202)
  async regenerate(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) messageId: string,
    @Body({ schema: regenerateSchema }) body: Again,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.gateway.send(new Regenerate(context, { messageId, ...body }));
    await this.turns.send(answer, request, reply);
  }
}
