import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Starts a conversation of the principal's. Its id derives from the idempotency key, where there is one. */
export class StartConversation extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'startConversation'>,
  ) {
    super();
  }
}
