import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Gives a conversation a title; the first message no longer names it. The same title again changes nothing. */
export class RenameConversation extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'renameConversation'>,
  ) {
    super();
  }
}
