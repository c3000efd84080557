import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import {
  type CommandOutcome,
  commandOutcomeSchema,
  type CommandRequest,
  commandsBodySchema,
} from '#contracts';
import { type BatchOutcome, CommandBatch, type CommandContext } from '#conversations';
import { IdempotencyKeyReused } from '#event-log';
import { Answers } from '../http/answers.decorator.js';
import { Context } from '../http/command-context.decorator.js';
import { ProblemError } from '../http/problem.error.js';
import { problemFor } from '../http/problem-mapping.js';
import { InPlaceProjector } from './in-place-projector.service.js';

/** Commands as they are, one or a batch: for clients that queue their writes and send them again until they are answered. */
@ApiTags('commands')
@Controller('api/commands')
export class CommandsController {
  constructor(
    private readonly batch: CommandBatch,
    private readonly projector: InPlaceProjector,
  ) {}

  @Post()
  @Answers(
    200,
    'Carries out one command, or up to 100',
    z.union([commandOutcomeSchema, z.array(commandOutcomeSchema)]),
  )
  @HttpCode(200)
  async run(
    @Context() context: CommandContext,
    @Body({ schema: commandsBodySchema }) body: CommandRequest | CommandRequest[],
  ): Promise<CommandOutcome | CommandOutcome[]> {
    const commands = Array.isArray(body) ? body : [body];
    requireMatchingKey(context, body);
    const outcomes = await this.batch.run(context, commands);
    await this.projector.project(changedStreams(outcomes));
    if (Array.isArray(body)) return outcomes.map((outcome) => rendered(outcome, context));
    const [only] = outcomes;
    if (!only) throw new Error('one command gave no outcome');
    if ('error' in only) throw inItsWords(only.error);
    return rendered(only, context);
  }
}

/** A command's own id is its key; a header beside it may only say the same. */
function requireMatchingKey(context: CommandContext, body: CommandRequest | CommandRequest[]): void {
  const { commandId: key } = context;
  if (key === undefined || (!Array.isArray(body) && key === body.commandId)) return;
  const message = 'The key of a command is its commandId: leave Idempotency-Key out.';
  throw new ProblemError(400, 'idempotency_key_mismatch', message, { field: 'Idempotency-Key' });
}

/** The key that was used before came in the body here. */
function inItsWords(error: unknown): unknown {
  if (!(error instanceof IdempotencyKeyReused)) return error;
  const message = 'This commandId was used before for another command.';
  return new ProblemError(422, 'idempotency_key_reused', message, { field: 'commandId' });
}

function changedStreams(outcomes: BatchOutcome[]): string[] {
  const changed = outcomes.flatMap((outcome) =>
    'answer' in outcome && !outcome.answer.replayed && outcome.answer.seqFrom !== null
      ? [outcome.answer.streamId]
      : [],
  );
  return [...new Set(changed)];
}

function rendered(outcome: BatchOutcome, { requestId }: CommandContext): CommandOutcome {
  const { commandId } = outcome;
  if ('error' in outcome) {
    const { problem } = problemFor(inItsWords(outcome.error), requestId ?? '');
    return { commandId, status: problem.status, problem };
  }
  const { status, streamId, seqFrom, seqTo, result } = outcome.answer;
  const { messageId, turnId } = result;
  return {
    commandId,
    status,
    conversationId: streamId,
    ...(messageId === undefined ? {} : { messageId }),
    ...(turnId === undefined ? {} : { turnId }),
    seqFrom,
    seq: seqTo,
  };
}
