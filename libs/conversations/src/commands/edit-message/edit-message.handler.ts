import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { EntityLocator } from '../../entity-locator.js';
import { EditMessage } from './edit-message.command.js';

@CommandHandler(EditMessage)
export class EditMessageHandler implements ICommandHandler<EditMessage> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly locator: EntityLocator,
  ) {}

  async execute({ context, input }: EditMessage): Promise<CommandAnswer> {
    const conversationId = input.conversationId ?? (await this.locator.streamOf('message', input.messageId));
    return this.executor.execute(context, conversationId, {
      type: 'editMessage',
      messageId: input.messageId,
      content: input.content,
      streamingStatus: input.streamingStatus,
      toolResult: input.toolResult,
      metadata: input.metadata,
    });
  }
}
