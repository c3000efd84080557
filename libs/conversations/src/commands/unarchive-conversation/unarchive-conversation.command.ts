import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Brings an archived conversation back. */
export class UnarchiveConversation extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'unarchiveConversation'>,
  ) {
    super();
  }
}
