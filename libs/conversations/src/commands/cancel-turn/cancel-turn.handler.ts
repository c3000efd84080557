import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { EntityLocator } from '../../entity-locator.js';
import { CancelTurn } from './cancel-turn.command.js';

@CommandHandler(CancelTurn)
export class CancelTurnHandler implements ICommandHandler<CancelTurn> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly locator: EntityLocator,
  ) {}

  async execute({ context, input }: CancelTurn): Promise<CommandAnswer> {
    const conversationId = input.conversationId ?? (await this.locator.streamOf('turn', input.turnId));
    return this.executor.execute(context, conversationId, { type: 'cancelTurn', turnId: input.turnId });
  }
}
