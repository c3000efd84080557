import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Appends text to a message that is being written; it is `streaming` then. Without `conversationId`, in the conversation that made it. */
export class AppendChunk extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'appendChunk'> & { conversationId?: string },
  ) {
    super();
  }
}
