import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CommandBus, type Command } from '@nestjs/cqrs';
import type { CommandContext } from '#commands';
import type { CommandRequest } from '#contracts';
import { AppendRefused, IdempotencyKeyReused } from '#event-log';
import { canonicalJson, DomainRefusal } from '#model';
import type { CommandAnswer } from './command-answer.js';
import { commandCatalog } from './command-catalog.js';

/** What became of one command of a batch. `error` is what the command alone would have thrown. */
export type BatchOutcome = { commandId: string } & ({ answer: CommandAnswer } | { error: unknown });

/** Carries out the commands of `POST /api/commands`. */
@Injectable()
export class CommandBatch {
  constructor(private readonly bus: CommandBus) {}

  /**
   * One after another, in order, each its own unit with its own outcome: one that is refused stops none of the others.
   * Only where the service fails (the log cannot be reached, say) are the rest not tried: they fail as that one did.
   */
  async run(context: CommandContext, commands: readonly CommandRequest[]): Promise<BatchOutcome[]> {
    const outcomes: BatchOutcome[] = [];
    let failure: { error: unknown } | null = null;
    for (const { commandId, ...item } of commands) {
      if (failure) {
        outcomes.push({ commandId, ...failure });
        continue;
      }
      try {
        const own = { ...context, commandId, bodySha256: hashOf(item), expectedSeq: item.expectedSeq };
        outcomes.push({ commandId, answer: await this.bus.execute(commandOf(own, item)) });
      } catch (error) {
        if (!isRefusal(error)) failure = { error };
        outcomes.push({ commandId, error });
      }
    }
    return outcomes;
  }
}

/** Said of this command alone; the next one may fare better. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof DomainRefusal || error instanceof IdempotencyKeyReused || error instanceof AppendRefused
  );
}

type Item = Omit<CommandRequest, 'commandId'>;

function commandOf(context: CommandContext, { type, data }: Item): Command<CommandAnswer> {
  // `type` and `data` were validated as a pair, which the compiler cannot see through the union.
  const CommandClass = commandCatalog[type] as new (
    context: CommandContext,
    input: unknown,
  ) => Command<CommandAnswer>;
  return new CommandClass(context, data);
}

/** Of the item alone: the same command in another batch, at another place, is the same command. */
function hashOf(item: Item): string {
  return createHash('sha256')
    .update(`POST\n/api/commands\n${canonicalJson(item)}`)
    .digest('hex');
}
