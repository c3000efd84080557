import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Has an answer, or the user message that it answers, answered anew by a turn; the old answer stays as a sibling. */
export class Regenerate extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'regenerate'> & { conversationId?: string },
  ) {
    super();
  }
}
