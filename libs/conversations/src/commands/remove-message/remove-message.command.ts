import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Removes a message from every reading but that of the past. Without `conversationId`, in the conversation that made it. */
export class RemoveMessage extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'removeMessage'> & { conversationId?: string },
  ) {
    super();
  }
}
