import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { RenameConversation } from './rename-conversation.command.js';

@CommandHandler(RenameConversation)
export class RenameConversationHandler implements ICommandHandler<RenameConversation> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: RenameConversation): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, {
      type: 'renameConversation',
      title: input.title,
    });
  }
}
