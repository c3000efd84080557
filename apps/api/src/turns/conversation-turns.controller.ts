import { Body, Controller, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { idSchema, type RequestTurn as Prompt, requestTurnSchema, turnAcceptedSchema } from '#contracts';
import { type CommandContext, RequestTurn } from '#conversations';
import { Answers, AlsoAnswers } from '../http/answers.decorator.js';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { Context } from '../http/command-context.decorator.js';
import { TurnAnswers } from './turn-answers.service.js';

/** Asking Claude: the turn runs outside the request, whatever becomes of the connection. */
@ApiTags('turns')
@Controller('api/conversations/:id/turns')
export class ConversationTurnsController {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly turns: TurnAnswers,
  ) {}

  @Post()
  @Answers(202, 'Asks Claude: the turn is accepted and runs', turnAcceptedSchema)
  @AlsoAnswers(200, 'text/event-stream', 'The turn, as it happens')
  @HttpCode(202)
  async request(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) conversationId: string,
    @Body({ schema: requestTurnSchema }) body: Prompt,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const answer = await this.gateway.send(new RequestTurn(context, { conversationId, ...body }));
    await this.turns.send(answer, request, reply);
  }
}
