import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Puts a conversation away. Already archived: changes nothing. */
export class ArchiveConversation extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'archiveConversation'>,
  ) {
    super();
  }
}
