import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_PAGE_LIMIT, type ListEvents } from '#contracts';
import { EventLog } from '#event-log';
import { asksFor } from '../http/accepts.js';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { type PageLink, sendLinks } from '../http/page-links.js';
import { streamAhead } from '../http/problem.error.js';
import { type EventLine, readBounded } from './bounded-events.js';

const NDJSON = 'application/x-ndjson';
const JSON_TYPE = 'application/json; charset=utf-8';

type Page = { lines: EventLine[]; hasMoreBefore: boolean; hasMoreAfter: boolean };

/**
 * Pages of the log by seq, always in ascending order; one that would hold more than about 8 MiB ends before its limit, and its
 * link goes on there. A seq that was read once is read the same for ever.
 */
@Injectable()
export class EventPages {
  constructor(private readonly log: EventLog) {}

  /** Answers with JSON or, where the client asks for it, NDJSON. */
  async send(
    streamId: string,
    query: ListEvents,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const head = await this.log.head(streamId);
    if ((query.after ?? 0) > head) throw streamAhead('after', query.after ?? 0, head);
    if ((query.before ?? 0) > head + 1) throw streamAhead('before', query.before ?? 0, head);
    const page = await this.read(streamId, query);
    const neighbours = links(page, query);
    sendLinks(reply, `/api/conversations/${streamId}/events`, neighbours);
    const asLines = asksFor(request, NDJSON);
    // An event never changes, but a full page gets a next one.
    const seqs = [page.lines[0]?.seq ?? 0, page.lines.at(-1)?.seq ?? 0, page.lines.length];
    const rels = neighbours.map(({ rel }) => rel);
    const tag = entityTag(request.url, asLines ? 'lines' : 'json', await this.log.epoch(), ...seqs, ...rels);
    void reply.header('Vary', 'Accept');
    if (isUnchanged(request, reply, tag)) {
      void reply.send();
      return;
    }
    const texts = page.lines.map(({ json }) => json);
    if (asLines) void reply.type(NDJSON).send(texts.map((text) => `${text}\n`).join(''));
    else void reply.type(JSON_TYPE).send(`[${texts.join(',')}]`);
  }

  private async read(streamId: string, query: ListEvents): Promise<Page> {
    const { after, before, types, limit = DEFAULT_PAGE_LIMIT } = query;
    const isBackward = before !== undefined && after === undefined;
    const direction = isBackward ? 'backward' : 'forward';
    const { lines, more } = await readBounded(this.log, streamId, { after, before, types, limit, direction });
    if (isBackward) return { lines: lines.toReversed(), hasMoreBefore: more, hasMoreAfter: true };
    return { lines, hasMoreBefore: (after ?? 0) > 0, hasMoreAfter: more };
  }
}

function links(page: Page, query: ListEvents): PageLink[] {
  const first = page.lines[0];
  const last = page.lines.at(-1);
  if (!first || !last) return [];
  const kept = {
    limit: query.limit ?? DEFAULT_PAGE_LIMIT,
    ...(query.types ? { types: query.types.join(',') } : {}),
  };
  const next: PageLink = { rel: 'next', query: { after: last.seq, ...kept } };
  const prev: PageLink = { rel: 'prev', query: { before: first.seq, ...kept } };
  return [...(page.hasMoreAfter ? [next] : []), ...(page.hasMoreBefore ? [prev] : [])];
}
