import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type AppendChunk as Chunk,
  appendChunkSchema,
  type CompleteMessage as Completion,
  completeMessageSchema,
  idSchema,
  type Message,
  messageSchema,
  type Regenerate as Again,
  regenerateSchema,
  turnAcceptedSchema,
} from '#contracts';
import { AppendChunk, type CommandContext, CompleteMessage, Regenerate } from '#conversations';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { AlsoAnswers, Answers } from '../http/answers.decorator.js';
import { Context } from '../http/command-context.decorator.js';
import { TurnAnswers } from '../turns/turn-answers.service.js';
import { MessageViews } from './message-views.service.js';

/** What the short routes do to a message, in the conversation that is named: of a fork also what it has inherited. */
@ApiTags('messages')
@Controller('api/conversations/:id/messages/:messageId')
export class MessageWritingController {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly views: MessageViews,
    private readonly turns: TurnAnswers,
  ) {}

  @Post('stream')
  @Answers(200, 'Appends a chunk to a message', messageSchema)
  @HttpCode(200)
  async appendChunk(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Body({ schema: appendChunkSchema }) { chunk }: Chunk,
  ): Promise<Message> {
    const answer = await this.gateway.send(new AppendChunk(context, { conversationId, messageId, chunk }));
    return this.views.after(context.principal, answer);
  }

  @Post('complete')
  @Answers(200, 'Ends the writing of a message', messageSchema)
  @HttpCode(200)
  async complete(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Body({ schema: completeMessageSchema }) body: Completion,
  ): Promise<Message> {
    const command = new CompleteMessage(context, { conversationId, messageId, ...body });
    return this.views.after(context.principal, await this.gateway.send(command));
  }

  @Post('regenerate')
  @Answers(202, 'Has a message answered anew', turnAcceptedSchema)
  @AlsoAnswers(200, 'text/event-stream', 'The turn, as it happens')
  @HttpCode(202)
  async regenerate(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Param('messageId', { schema: idSchema }) messageId: string,
    @Body({ schema: regenerateSchema }) body: Again,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const command = new Regenerate(context, { conversationId, messageId, ...body });
    await this.turns.send(await this.gateway.send(command), request, reply);
  }
}
