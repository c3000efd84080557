import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { idFor } from '#commands';
import { ProjectPlaces } from '../../project-places.js';
import { StartConversation } from './start-conversation.command.js';

@CommandHandler(StartConversation)
export class StartConversationHandler implements ICommandHandler<StartConversation> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly projects: ProjectPlaces,
  ) {}

  async execute({ context, input }: StartConversation): Promise<CommandAnswer> {
    const conversationId = idFor(context, 'conversation');
    return this.executor.create(context, conversationId, {
      type: 'startConversation',
      conversationId,
      projectId: input.projectId ?? undefined,
      projectSeq: await this.projects.seqOf(context.principal, input.projectId),
      title: input.title ?? undefined,
    });
  }
}
