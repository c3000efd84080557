import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Ends an open turn; what Claude wrote until then is kept. A finished turn is refused. */
export class CancelTurn extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'cancelTurn'> & { conversationId?: string },
  ) {
    super();
  }
}
