import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Chooses the branch that lists, context and state follow, by its last message. */
export class SelectBranch extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'selectBranch'>,
  ) {
    super();
  }
}
