import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Revises a message: each field that is present replaces. What it was before stays in the log. Without `conversationId`, in the conversation that made it. */
export class EditMessage extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'editMessage'> & { conversationId?: string },
  ) {
    super();
  }
}
