import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { TrashConversation } from './trash-conversation.command.js';

@CommandHandler(TrashConversation)
export class TrashConversationHandler implements ICommandHandler<TrashConversation> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: TrashConversation): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, { type: 'trashConversation' });
  }
}
