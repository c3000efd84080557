import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { idFor } from '#commands';
import { RequestTurn } from './request-turn.command.js';

@CommandHandler(RequestTurn)
export class RequestTurnHandler implements ICommandHandler<RequestTurn> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: RequestTurn): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, {
      type: 'requestTurn',
      turnId: idFor(context, 'turn'),
      messageId: idFor(context, 'message'),
      prompt: input.prompt,
      parentId: input.parentId,
      model: input.model,
      projectId: input.projectId,
    });
  }
}
