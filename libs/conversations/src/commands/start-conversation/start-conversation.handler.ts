import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { idFor } from '../../command-ids.js';
import { StartConversation } from './start-conversation.command.js';

@CommandHandler(StartConversation)
export class StartConversationHandler implements ICommandHandler<StartConversation> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: StartConversation): Promise<CommandAnswer> {
    const conversationId = idFor(context, 'conversation');
    return this.executor.create(context, conversationId, {
      type: 'startConversation',
      conversationId,
      projectId: input.projectId ?? undefined,
      title: input.title ?? undefined,
    });
  }
}
