import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CONFIG, type Config } from '#platform';
import { type Rebuild, Rebuilds } from '#projections';
import { pumpText } from '#streaming';
import { openEventStream, STALL_MS } from '../http/event-stream.js';

const LOOK_MS = 1_000;
/** A client that comes back sooner finds the server still stopping. */
const RETRY_MS = 1_000;

const isOver = ({ status }: Rebuild): boolean => ['done', 'cancelled', 'failed'].includes(status);

/** Tells as `text/event-stream` how a rebuild gets on. Each frame is the whole rebuild, so that none is missed by missing one. */
@Injectable()
export class RebuildProgress implements OnModuleDestroy {
  private readonly logger = new Logger(RebuildProgress.name);
  private readonly stopping = new AbortController();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'pingMs' | 'streamBufferBytes'>,
    private readonly rebuilds: Rebuilds,
  ) {}

  async send(rebuild: Rebuild, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const gone = new AbortController();
    const body = openEventStream(request, reply, () => gone.abort());
    if (!body) return;
    const ended = AbortSignal.any([gone.signal, this.stopping.signal]);
    const limits = { bufferBytes: this.config.streamBufferBytes, stallMs: STALL_MS };
    try {
      await pumpText(this.frames(rebuild, ended), (frame) => frame, body, limits);
    } catch (error) {
      // nothing else can be sent on an open stream: the client asks again
      this.logger.warn(
        `a stream of a rebuild was cut: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** Holds no connection while it waits. */
  private async *frames(first: Rebuild, ended: AbortSignal): AsyncGenerator<string> {
    let rebuild: Rebuild | null = first;
    let last = '';
    let sentAt = performance.now();
    while (rebuild && !ended.aborted) {
      const data = JSON.stringify(rebuild);
      if (data !== last || performance.now() - sentAt >= this.config.pingMs - LOOK_MS) {
        yield data === last ? ': ping\n\n' : `event: rebuild\ndata: ${data}\n\n`;
        sentAt = performance.now();
      }
      last = data;
      if (isOver(rebuild)) return;
      await pause(LOOK_MS, undefined, { signal: ended, ref: false }).catch(() => undefined);
      if (!ended.aborted) rebuild = await this.rebuilds.get(first.id);
    }
    if (this.stopping.signal.aborted)
      yield `retry: ${RETRY_MS}\nevent: closing\ndata: ${JSON.stringify({ retryMs: RETRY_MS })}\n\n`;
  }
}
