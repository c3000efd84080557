import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { ArchiveConversation } from './archive-conversation.command.js';

@CommandHandler(ArchiveConversation)
export class ArchiveConversationHandler implements ICommandHandler<ArchiveConversation> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: ArchiveConversation): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, { type: 'archiveConversation' });
  }
}
