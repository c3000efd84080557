import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/**
 * Posts the prompt and requests a turn that answers it, as one unit; the turn runs elsewhere. A
 * project that is named must exist: whoever asks has looked.
 */
export class RequestTurn extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'requestTurn'> & { projectId?: string | null },
  ) {
    super();
  }
}
