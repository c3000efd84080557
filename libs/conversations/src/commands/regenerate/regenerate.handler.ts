import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { idFor } from '#commands';
import { EntityLocator } from '../../entity-locator.js';
import { Regenerate } from './regenerate.command.js';

@CommandHandler(Regenerate)
export class RegenerateHandler implements ICommandHandler<Regenerate> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly locator: EntityLocator,
  ) {}

  async execute({ context, input }: Regenerate): Promise<CommandAnswer> {
    const conversationId = input.conversationId ?? (await this.locator.streamOf('message', input.messageId));
    return this.executor.execute(context, conversationId, {
      type: 'regenerate',
      messageId: input.messageId,
      turnId: idFor(context, 'turn'),
      model: input.model,
    });
  }
}
