import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { EntityLocator } from '../../entity-locator.js';
import { RemoveMessage } from './remove-message.command.js';

@CommandHandler(RemoveMessage)
export class RemoveMessageHandler implements ICommandHandler<RemoveMessage> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly locator: EntityLocator,
  ) {}

  async execute({ context, input }: RemoveMessage): Promise<CommandAnswer> {
    const conversationId = input.conversationId ?? (await this.locator.streamOf('message', input.messageId));
    return this.executor.execute(context, conversationId, {
      type: 'removeMessage',
      messageId: input.messageId,
    });
  }
}
