import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { idFor } from '#commands';
import { PostMessage } from './post-message.command.js';

@CommandHandler(PostMessage)
export class PostMessageHandler implements ICommandHandler<PostMessage> {
  constructor(private readonly executor: CommandExecutor) {}

  execute({ context, input }: PostMessage): Promise<CommandAnswer> {
    return this.executor.execute(context, input.conversationId, {
      type: 'postMessage',
      messageId: idFor(context, 'message'),
      parentId: input.parentId,
      role: input.role,
      content: input.content,
      projectId: input.projectId ?? undefined,
      toolName: input.toolName ?? undefined,
      toolCall: input.toolCall,
      toolResult: input.toolResult,
      streamingStatus: input.streamingStatus,
      metadata: input.metadata ?? undefined,
    });
  }
}
