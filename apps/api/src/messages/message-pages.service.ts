import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEFAULT_PAGE_LIMIT, type ListMessages, type Message } from '#contracts';
import type { Principal } from '#conversations';
import { MessageQueries } from '#projections';
import { ConversationViews } from '../conversations/conversation-views.service.js';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { cursorLinks, sendLinks } from '../http/page-links.js';
import { notFound } from '../http/problem.error.js';
import { readPage } from '../http/read-page.js';

/** Pages of the messages along the selected branch, oldest first. */
@Injectable()
export class MessagePages {
  constructor(
    private readonly conversations: ConversationViews,
    private readonly messages: MessageQueries,
  ) {}

  /** Undefined when the client has this page already. */
  async list(
    principal: Principal,
    id: string,
    query: ListMessages,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Message[] | undefined> {
    const { epoch } = await this.conversations.readable(principal, id, query);
    const { limit = DEFAULT_PAGE_LIMIT, offset, from, before, after, includeTrashed } = query;
    const page = await readPage(query, () =>
      this.messages.page(principal, id, { limit, offset, from, before, after }),
    );
    if (!page) throw notFound('conversation');
    sendLinks(reply, `/api/conversations/${id}/messages`, cursorLinks(page, { limit, includeTrashed }));
    if (isUnchanged(request, reply, entityTag(request.url, page.seq, epoch))) return undefined;
    return page.items;
  }
}
