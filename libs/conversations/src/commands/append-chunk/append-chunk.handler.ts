import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer } from '../../command-answer.js';
import { CommandExecutor } from '../../command-executor.js';
import { EntityLocator } from '../../entity-locator.js';
import { AppendChunk } from './append-chunk.command.js';

@CommandHandler(AppendChunk)
export class AppendChunkHandler implements ICommandHandler<AppendChunk> {
  constructor(
    private readonly executor: CommandExecutor,
    private readonly locator: EntityLocator,
  ) {}

  async execute({ context, input }: AppendChunk): Promise<CommandAnswer> {
    const conversationId = input.conversationId ?? (await this.locator.streamOf('message', input.messageId));
    return this.executor.execute(context, conversationId, {
      type: 'appendChunk',
      messageId: input.messageId,
      chunk: input.chunk,
    });
  }
}
