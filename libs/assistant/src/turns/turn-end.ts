import { LogUnavailable } from '#event-log';
import type { DomainEvent } from '#model';
import { ModelAnswerFailed } from './model-answer.js';
import { TurnStopped } from './turn-stopped.js';

/** More model calls than the configuration allows. */
export class StepLimitReached extends Error {
  constructor(readonly maxSteps: number) {
    super(`the turn took more than ${maxSteps} steps`);
    this.name = 'StepLimitReached';
  }
}

/**
 * The terminal event for what went wrong: nothing of an answer yet, or an answer that makes no sense, is a failure; an
 * answer that broke off is an interruption. Null: someone else has ended the turn.
 */
export function terminalEventFor(error: unknown, turnId: string): DomainEvent | null {
  if (error instanceof TurnStopped) {
    const { reason } = error;
    return reason === 'ended' || reason === 'other_owner' ? null : interrupted(turnId, reason);
  }
  if (error instanceof ModelAnswerFailed) {
    const { failure, begun } = error;
    return begun && failure.code !== 'stream_invalid'
      ? interrupted(turnId, failure.code)
      : failed(turnId, failure.code, failure.message);
  }
  if (error instanceof LogUnavailable) return interrupted(turnId, error.code);
  if (error instanceof StepLimitReached) return failed(turnId, 'step_limit', error.message);
  return failed(turnId, 'internal', 'The turn failed inside this service.');
}

const interrupted = (turnId: string, reason: string): DomainEvent => ({
  type: 'TurnInterrupted',
  data: { turnId, reason },
});

const failed = (turnId: string, code: string, message: string): DomainEvent => ({
  type: 'TurnFailed',
  data: { turnId, code, message },
});
