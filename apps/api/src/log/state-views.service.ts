import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ConversationAt } from '#contracts';
import type { Principal } from '#conversations';
import { EventLog } from '#event-log';
import { ConversationQueries } from '#projections';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { notFound, streamAhead } from '../http/problem.error.js';

/** What a conversation was at a position. */
@Injectable()
export class StateViews {
  constructor(
    private readonly log: EventLog,
    private readonly conversations: ConversationQueries,
  ) {}

  /** At the head when `at` is absent; undefined when the client has this already. */
  async at(
    principal: Principal,
    id: string,
    at: number | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<ConversationAt | undefined> {
    const head = await this.log.head(id);
    if (at !== undefined && at > head) throw streamAhead('at', at, head);
    const seq = at ?? head;
    // The past of one history never changes.
    if (isUnchanged(request, reply, entityTag('state', id, seq, await this.log.epoch()))) return undefined;
    const state = await this.conversations.state(principal, id, seq);
    if (!state) throw notFound('conversation');
    return state;
  }
}
