import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { RestoreConversation } from './restore-conversation.command.js';

@CommandHandler(RestoreConversation)
export class RestoreConversationHandler implements ICommandHandler<RestoreConversation> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: RestoreConversation): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, { type: 'restoreConversation' });
  }
}
