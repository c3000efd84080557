import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_PAGE_LIMIT, type ListEvents, type LogEvent } from '#contracts';
import { EventLog, type RecordedEvent } from '#event-log';
import { asksFor } from '../http/accepts.js';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { type PageLink, sendLinks } from '../http/page-links.js';
import { streamAhead } from '../http/problem.error.js';

const NDJSON = 'application/x-ndjson';

type Page = { events: RecordedEvent[]; hasMoreBefore: boolean; hasMoreAfter: boolean };

/** Pages of the log by seq, always in ascending order. A seq that was read once is read the same for ever. */
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
    const seqs = [page.events[0]?.seq ?? 0, page.events.at(-1)?.seq ?? 0, page.events.length];
    const rels = neighbours.map(({ rel }) => rel);
    const tag = entityTag(request.url, asLines ? 'lines' : 'json', await this.log.epoch(), ...seqs, ...rels);
    void reply.header('Vary', 'Accept');
    if (isUnchanged(request, reply, tag)) {
      void reply.send();
      return;
    }
    const events = page.events.map(toLogEvent);
    if (asLines) void reply.type(NDJSON).send(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    else void reply.send(events);
  }

  private async read(streamId: string, query: ListEvents): Promise<Page> {
    const { after, before, types, limit = DEFAULT_PAGE_LIMIT } = query;
    const isBackward = before !== undefined && after === undefined;
    // One more than asked for tells whether there is another page.
    const found = await this.log.read(streamId, {
      after,
      before,
      types,
      limit: limit + 1,
      direction: isBackward ? 'backward' : 'forward',
    });
    const hasMore = found.length > limit;
    const events = found.slice(0, limit);
    if (isBackward) return { events: events.toReversed(), hasMoreBefore: hasMore, hasMoreAfter: true };
    return { events, hasMoreBefore: (after ?? 0) > 0, hasMoreAfter: hasMore };
  }
}

function links(page: Page, query: ListEvents): PageLink[] {
  const first = page.events[0];
  const last = page.events.at(-1);
  if (!first || !last) return [];
  const kept = {
    limit: query.limit ?? DEFAULT_PAGE_LIMIT,
    ...(query.types ? { types: query.types.join(',') } : {}),
  };
  const next: PageLink = { rel: 'next', query: { after: last.seq, ...kept } };
  const prev: PageLink = { rel: 'prev', query: { before: first.seq, ...kept } };
  return [...(page.hasMoreAfter ? [next] : []), ...(page.hasMoreBefore ? [prev] : [])];
}

function toLogEvent({ seq, type, at, data, metadata }: RecordedEvent): LogEvent {
  // What the log holds was JSON when it was written, and is again.
  return { seq, type, at, data, metadata } as LogEvent;
}
