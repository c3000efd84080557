import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { ConversationForks } from '../../conversation-forks.js';
import { ForkConversation } from './fork-conversation.command.js';

@CommandHandler(ForkConversation)
export class ForkConversationHandler implements ICommandHandler<ForkConversation> {
  constructor(private readonly forks: ConversationForks) {}

  execute({ context, input }: ForkConversation): Promise<CommandAnswer> {
    return this.forks.fork(context, input);
  }
}
