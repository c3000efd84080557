import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Moves a conversation to the trash, from where it can be restored. Nothing is lost. */
export class TrashConversation extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'trashConversation'>,
  ) {
    super();
  }
}
