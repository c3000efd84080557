import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GetConversation, Message } from '#contracts';
import type { CommandAnswer, Principal } from '#conversations';
import { MessageQueries } from '#projections';
import { ConversationViews } from '../conversations/conversation-views.service.js';
import { entityTag, isUnchanged } from '../http/entity-tag.js';
import { notFound } from '../http/problem.error.js';
import { WholeResults } from './whole-results.service.js';

/** A message as clients see it. */
@Injectable()
export class MessageViews {
  constructor(
    private readonly conversations: ConversationViews,
    private readonly messages: MessageQueries,
    private readonly whole: WholeResults,
  ) {}

  /** As of the command: a repeat shows what the first answer showed. */
  async after(principal: Principal, { streamId, seqTo, result }: CommandAnswer): Promise<Message> {
    if (result.id === undefined) throw new Error('a message command named no message');
    const message = await this.messages.get(principal, result.id, { conversationId: streamId, at: seqTo });
    if (!message) throw notFound('message');
    return message;
  }

  /** Undefined when the client has this already. */
  async get(
    principal: Principal,
    wanted: { id: string; messageId: string; query: GetConversation },
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Message | undefined> {
    const { id: conversationId, messageId, query } = wanted;
    const { seq, epoch } = await this.conversations.readable(principal, conversationId, query);
    const message = await this.messages.get(principal, messageId, { conversationId, at: seq });
    if (!message) throw notFound('message');
    // Other messages of the conversation change the tag too: a needless answer, never a stale one.
    if (isUnchanged(request, reply, entityTag('message', messageId, seq, epoch))) return undefined;
    return this.whole.in(principal, message);
  }
}
