import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConversationTimelineResource, TimelineQuery } from '#contracts';
import type { Principal } from '#conversations';
import { ConversationQueries } from '#projections';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { notFound } from '../http/problem.error.js';
import { MomentResolver } from './moment-resolver.service.js';

/** The track that a slider runs on. */
@Injectable()
export class TimelineViews {
  constructor(
    private readonly moments: MomentResolver,
    private readonly conversations: ConversationQueries,
  ) {}

  /** Undefined when the client has this already. */
  async of(
    principal: Principal,
    id: string,
    query: TimelineQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ConversationTimelineResource | undefined> {
    const { seq } = await this.moments.resolve(principal, id, query.at);
    const timeline = await this.conversations.timeline(principal, id, { at: seq });
    if (!timeline) throw notFound('conversation');
    const { totals, epoch } = timeline;
    // a fork is marked where it begins, whenever it was made
    if (isUnchanged(request, reply, entityTag('timeline', id, seq, epoch, totals.fork))) return undefined;
    return timeline;
  }
}
