import { Command } from '@nestjs/cqrs';
import type { CommandData } from '#contracts';
import type { CommandAnswer } from '../../command-answer.js';
import type { CommandContext } from '#commands';

/** Adds a message: a child of the selected leaf (and the new leaf), or of `parentId`; null makes it a first message. */
export class PostMessage extends Command<CommandAnswer> {
  constructor(
    readonly context: CommandContext,
    readonly input: CommandData<'postMessage'>,
  ) {
    super();
  }
}
