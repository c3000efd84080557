import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Ends the writing of a message; `content`, where given, is its whole text. Without `conversationId`, in the conversation that made it. */
export class CompleteMessage extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'completeMessage'> & { conversationId?: string },
  ) {
    super();
  }
}
