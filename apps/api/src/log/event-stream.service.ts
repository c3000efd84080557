import type { PassThrough } from 'node:stream';
import { Inject, Injectable, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#platform';
import {
  CursorInvalid,
  type FollowOptions,
  type Frame,
  pumpFrames,
  StreamAhead,
  StreamNotFound,
  StreamReader,
} from '#streaming';
import { openEventStream, STALL_MS } from '../http/event-stream.js';
import { notFound, ProblemError, streamAhead } from '../http/problem.error.js';

export type EventStreamRequest = {
  conversationId: string;
  after: number;
  /** What named `after`; a refusal blames it. */
  cursorField?: 'after' | 'Last-Event-ID';
  epoch?: string;
  /** Narrows the frames, and ends them. */
  select?: (frames: AsyncIterable<Frame>) => AsyncIterable<Frame>;
};

/** Answers with `text/event-stream`. The reply goes through Fastify, so that CORS and other headers hold for it too. */
@Injectable()
export class EventStreams {
  private readonly logger = new Logger(EventStreams.name);

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly reader: StreamReader,
  ) {}

  /** @throws ProblemError 404, or 409 `stream_ahead`, before anything is sent. */
  async send(request: FastifyRequest, reply: FastifyReply, wanted: EventStreamRequest): Promise<void> {
    const abort = new AbortController();
    const { conversationId, after, epoch, cursorField = 'after', select = (frames) => frames } = wanted;
    const frames = await this.open(conversationId, { after, epoch, signal: abort.signal }, cursorField);
    const body = openEventStream(request, reply, () => abort.abort());
    if (body) await this.pump(select(frames), body);
  }

  private async pump(frames: AsyncIterable<Frame>, body: PassThrough): Promise<void> {
    try {
      await pumpFrames(frames, body, { bufferBytes: this.config.streamBufferBytes, stallMs: STALL_MS });
    } catch (error) {
      // The cut tells the client to resume after its last event; nothing else can be sent on an open stream.
      this.logger.warn(`a stream was cut: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async open(
    streamId: string,
    options: FollowOptions,
    cursorField: string,
  ): Promise<AsyncIterable<Frame>> {
    try {
      return await this.reader.open(streamId, options);
    } catch (error) {
      if (error instanceof StreamNotFound) throw notFound('conversation');
      if (error instanceof StreamAhead) throw streamAhead(cursorField, error.after, error.head);
      throw error;
    }
  }
}

/** Runs `read`, and makes a bad cursor a 400 that names it. */
export function orInvalidCursor<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof CursorInvalid) {
      throw new ProblemError(400, 'invalid_seq', error.message, { field: error.field });
    }
    throw error;
  }
}
