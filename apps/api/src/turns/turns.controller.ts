import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { emptyBodySchema, idSchema, type TurnCancelled, turnCancelledSchema } from '#contracts';
import { CancelTurn, type CommandContext } from '#conversations';
import { Answers } from '../http/answers.decorator.js';
import { CommandGateway } from '../commands/command-gateway.service.js';
import { Context } from '../http/command-context.decorator.js';

/** A turn by its bare id. */
@ApiTags('turns')
@Controller('api/turns')
export class TurnsController {
  constructor(private readonly gateway: CommandGateway) {}

  @Post(':id/cancel')
  @Answers(200, 'Stops a turn', turnCancelledSchema)
  @HttpCode(200)
  async cancel(
    @Context() context: CommandContext,
    @Param('id', { schema: idSchema }) turnId: string,
    @Body({ schema: emptyBodySchema }) _body: unknown,
  ): Promise<TurnCancelled> {
    const { streamId, seqTo } = await this.gateway.send(new CancelTurn(context, { turnId }));
    return { turnId, conversationId: streamId, status: 'cancelled', seq: seqTo };
  }
}
