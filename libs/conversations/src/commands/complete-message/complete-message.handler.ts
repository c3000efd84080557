import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { EntityLocator } from '../../entity-locator.js';
import { CompleteMessage } from './complete-message.command.js';

@CommandHandler(CompleteMessage)
export class CompleteMessageHandler implements ICommandHandler<CompleteMessage> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly locator: EntityLocator,
  ) {}

  async execute({ context, input }: CompleteMessage): Promise<CommandAnswer> {
    const conversationId = input.conversationId ?? (await this.locator.streamOf('message', input.messageId));
    return this.executor.execute(context, conversationId, {
      type: 'completeMessage',
      messageId: input.messageId,
      content: input.content,
    });
  }
}
