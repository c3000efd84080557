import { Command } from '@nestjs/cqrs';
import type { CommandContext } from '#commands';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';

/** Makes a conversation of the principal's that goes on from another one, after any of its seqs. No event is copied. */
export class ForkConversation extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'forkConversation'>,
  ) {
    super();
  }
}
