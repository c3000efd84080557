import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Conversation, DEFAULT_PAGE_LIMIT, type ListConversations } from '#contracts';
import type { Principal } from '#conversations';
import { ConversationQueries } from '#projections';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { cursorLinks, sendLinks } from '../http/page-links.js';
import { readPage } from '../http/read-page.js';

/** Pages of conversations, newest created first. */
@Injectable()
export class ConversationPages {
  constructor(private readonly conversations: ConversationQueries) {}

  /** `forkedFrom`: only the forks of that conversation. Undefined when the client has this page already. */
  async list(
    principal: Principal,
    query: ListConversations & { forkedFrom?: string },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Conversation[] | undefined> {
    const { limit = DEFAULT_PAGE_LIMIT, projectId, includeTrashed, forkedFrom } = query;
    const page = await readPage(query, () => this.conversations.list(principal, { ...query, limit }));
    const path = forkedFrom === undefined ? '/api/conversations' : `/api/conversations/${forkedFrom}/forks`;
    sendLinks(reply, path, cursorLinks(page, { limit, projectId, includeTrashed }));
    const positions = page.items.flatMap(({ id, seq, epoch }) => [id, seq, epoch]);
    // A page may stay as it is and still get a neighbour: a conversation taken out of the trash, say.
    const tag = entityTag(request.url, page.next ?? '', page.prev ?? '', ...positions);
    if (isUnchanged(request, reply, tag)) return undefined;
    return page.items;
  }
}
