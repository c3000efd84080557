import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TurnAccepted } from '#contracts';
import type { CommandAnswer } from '#conversations';
import type { Frame } from '#streaming';
import { asksFor } from '../http/accepts.js';
import { EventStreams } from '../log/event-stream.service.js';
import { untilTurnEnds } from '../log/turn-frames.js';

/** Answers an accepted turn as the client asked: 202 with where to read on, or the turn's own events as they come. */
@Injectable()
export class TurnAnswers {
  constructor(private readonly streams: EventStreams) {}

  async send(answer: CommandAnswer, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { streamId: conversationId, seqFrom, seqTo, result } = answer;
    const { turnId, messageId } = result;
    if (turnId === undefined || messageId === undefined) throw new Error('an accepted turn has no id');
    if (asksFor(request, 'text/event-stream')) {
      // From right before the turn's first event, which names the ids that a 202 would have carried.
      const after = (seqFrom ?? seqTo) - 1;
      void reply.status(200);
      const select = (frames: AsyncIterable<Frame>) => untilTurnEnds(frames, turnId);
      await this.streams.send(request, reply, { conversationId, after, select });
      return;
    }
    const streamUrl = `/api/conversations/${conversationId}/stream?after=${seqTo}`;
    const body: TurnAccepted = { turnId, messageId, seq: seqTo, streamUrl };
    void reply.status(202).header('Location', streamUrl).send(body);
  }
}
