import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Conversation, DEFAULT_PAGE_LIMIT, type GetConversation, type Message } from '#contracts';
import type { CommandAnswer, Principal } from '#conversations';
import { ConversationQueries, MessageQueries } from '#projections';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { notFound, ProblemError } from '../http/problem.error.js';
import { ConversationAccess } from './conversation-access.service.js';

/** A conversation as clients see it. */
@Injectable()
export class ConversationViews {
  constructor(
    private readonly access: ConversationAccess,
    private readonly conversations: ConversationQueries,
    private readonly messages: MessageQueries,
  ) {}

  /** As of the command: a repeat shows what the first answer showed. */
  async after(principal: Principal, { streamId, seqTo }: CommandAnswer): Promise<Conversation> {
    const found = await this.conversations.get(principal, streamId, { at: seqTo });
    if (!found) throw notFound('conversation');
    return found.conversation;
  }

  /** With its first messages, all as of the same position; undefined when the client has this already. */
  async withMessages(
    principal: Principal,
    id: string,
    query: GetConversation,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<(Conversation & { messages: Message[] }) | undefined> {
    const conversation = await this.readable(principal, id, query);
    const { seq, epoch } = conversation;
    if (isUnchanged(request, reply, entityTag('conversation', id, seq, epoch))) return undefined;
    const page = await this.messages.page(principal, id, {
      limit: DEFAULT_PAGE_LIMIT,
      offset: 0,
      at: seq,
    });
    if (!page) throw notFound('conversation');
    return { ...conversation, messages: page.items };
  }

  /** @throws ProblemError 404, with `conversation_trashed` for one in the trash unless that is asked for. */
  async readable(principal: Principal, id: string, query: GetConversation): Promise<Conversation> {
    await this.access.requireReadable(principal, id);
    const found = await this.conversations.get(principal, id);
    if (!found) throw notFound('conversation');
    const { conversation } = found;
    if (conversation.trashedAt !== undefined && !query.includeTrashed) {
      const message = 'The conversation is in the trash: restore it, or read it with includeTrashed=true.';
      throw new ProblemError(404, 'conversation_trashed', message);
    }
    return conversation;
  }
}
