import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Takes a conversation out of the trash. */
export class RestoreConversation extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'restoreConversation'>,
  ) {
    super();
  }
}
