import { Injectable } from '@nestjs/common';
import { type Frame, StreamReader } from '#streaming';
import { ProblemError } from '../http/problem.error.js';
import type { LolFrame } from './lol-frame.js';
import type { LolTurn } from './lol-turn.js';
import type { LolTurnFold } from './turn-fold.js';

/** Follows a turn through the log, from its first event to its last. */
@Injectable()
export class TurnFollower {
  constructor(private readonly reader: StreamReader) {}

  /** What is refused is refused before anything is read. @throws StreamNotFound, LogUnavailable */
  open({ conversationId, after }: LolTurn, signal: AbortSignal): Promise<AsyncIterable<Frame>> {
    return this.reader.open(conversationId, { after, signal });
  }

  /**
   * The frames of the turn as its events come; ends with its terminal event, which `fold.end` then shows, or without
   * one where `open`'s signal ended it.
   * @throws ProblemError where this server stops, or the log was restored: the turn is not followed to its end
   */
  async *frames(following: AsyncIterable<Frame>, fold: LolTurnFold): AsyncGenerator<LolFrame> {
    for await (const frame of following) {
      if (frame.kind === 'closing') throw stopping();
      if (frame.kind === 'reset') throw restored();
      if (frame.kind !== 'event') continue;
      const { event, schemaVersion } = frame;
      yield* fold.next({ ...event, schemaVersion });
      if (fold.end) return;
    }
  }
}

function stopping(): ProblemError {
  const message = 'The server is stopping. What was said is saved: reload to see how it went on.';
  return new ProblemError(503, 'server_stopping', message, { headers: { 'Retry-After': '1' } });
}

function restored(): ProblemError {
  const message = 'The log was restored to an earlier time: reload.';
  return new ProblemError(503, 'log_restored', message, { headers: { 'Retry-After': '1' } });
}
