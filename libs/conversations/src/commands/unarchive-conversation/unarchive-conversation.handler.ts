import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { UnarchiveConversation } from './unarchive-conversation.command.js';

@CommandHandler(UnarchiveConversation)
export class UnarchiveConversationHandler implements ICommandHandler<UnarchiveConversation> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: UnarchiveConversation): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, { type: 'unarchiveConversation' });
  }
}
