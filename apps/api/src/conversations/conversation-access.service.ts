import { Injectable } from '@nestjs/common';
import { can, ConversationRepository, type Principal, TurnSettler } from '#conversations';
import { notFound } from '../http/problem.error.js';

/** Decides who may read a conversation, and ends a turn that died before anyone reads that it runs. */
@Injectable()
export class ConversationAccess {
  constructor(
    private readonly conversations: ConversationRepository,
    private readonly settler: TurnSettler,
  ) {}

  /** @throws ProblemError 404 when there is no such conversation, or it is not the principal's. */
  async requireReadable(principal: Principal, conversationId: string): Promise<void> {
    const info = await this.conversations.info(conversationId);
    if (!info || !can(principal, 'read', { ...info, kind: 'stream' })) throw notFound('conversation');
    await this.settler.settleIfExpired(conversationId);
  }
}
