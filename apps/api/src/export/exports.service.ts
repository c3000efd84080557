import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ExportFormat, ExportQuery } from '#contracts';
import type { Principal } from '#conversations';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { MomentResolver } from '../moments/moment-resolver.service.js';
import { StateViews } from '../moments/state-views.service.js';
import { leaveUntimed } from '../observability/request-scope.js';
import { attachment, fileName } from './attachment-name.js';
import { ExportTexts } from './export-texts.service.js';

/** Pieces smaller than this go out together. */
const CHUNK = 64 * 1024;

const files: Record<ExportFormat, { type: string; ending: string }> = {
  markdown: { type: 'text/markdown; charset=utf-8', ending: 'md' },
  json: { type: 'application/json; charset=utf-8', ending: 'json' },
  ndjson: { type: 'application/x-ndjson', ending: 'ndjson' },
};

/** Answers with a conversation as a file, written while it is read: at no time is more than a piece of it in memory. */
@Injectable()
export class Exports {
  constructor(
    private readonly moments: MomentResolver,
    private readonly states: StateViews,
    private readonly texts: ExportTexts,
  ) {}

  async send(
    principal: Principal,
    id: string,
    { format = 'markdown', at }: ExportQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const { seq, epoch } = await this.moments.resolve(principal, id, at);
    if (isUnchanged(request, reply, entityTag('export', format, id, seq, epoch))) {
      void reply.send();
      return;
    }
    const { state } = await this.states.read(principal, id, { at: seq, limit: 1 });
    leaveUntimed(request);
    const { type, ending } = files[format];
    const name = fileName(state.conversation.title, ending);
    void reply.headers({ 'Content-Type': type, 'Content-Disposition': attachment(name) });
    // a stream of nothing: an empty text would say that the file is empty
    const body = request.method === 'HEAD' ? [] : inChunks(this.texts.of(format, principal, state));
    void reply.send(Readable.from(body));
  }
}

async function* inChunks(pieces: AsyncIterable<string>): AsyncGenerator<Buffer> {
  let chunk = '';
  for await (const piece of pieces) {
    chunk += piece;
    if (chunk.length < CHUNK) continue;
    yield Buffer.from(chunk);
    chunk = '';
  }
  if (chunk !== '') yield Buffer.from(chunk);
}
