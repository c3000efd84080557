import type { Decision } from './commands.js';
import { decision, event, refuseAbsent } from './decide-rules.js';
import { DomainRefusal } from './refusal.js';
import { isOpen, type ConversationState } from './state.js';

/** Why a turn that was open where a conversation was forked ends in the fork. */
export const FORKED = 'forked';

/** A new conversation that goes on from another one. */
export type ForkConversation = {
  /** The new conversation's. */
  conversationId: string;
  parentId: string;
  /** The copy of the parent's project that is made with it: its id, and its last seq. */
  project?: { projectId: string; projectSeq: number };
};

/**
 * After which seq a fork of the conversation goes on: the asked one, else its head.
 * @throws DomainRefusal `not_found`, `conversation_trashed`, `stream_ahead` (details: `head`)
 */
export function forkPoint(head: ConversationState, at: number = head.seq): number {
  if (head.seq === 0) refuseAbsent('conversation', 'conversationId');
  if (head.trashed) {
    const message = 'The conversation is in the trash: restore it first.';
    throw new DomainRefusal('conversation_trashed', 409, message);
  }
  if (at > head.seq) {
    const message = `at is ${at}, but the log of this conversation is at ${head.seq}.`;
    throw new DomainRefusal('stream_ahead', 409, message, 'at', { head: head.seq });
  }
  return at;
}

/**
 * What a fork begins with. `origin` is the parent where it is forked: what was archived or trashed there is not so in the
 * fork, and a turn that was open there goes on in the parent alone, so here it ends, and its half answer is kept.
 */
export function forkConversation(
  origin: ConversationState,
  { conversationId, parentId, project }: ForkConversation,
): Decision {
  const { turn } = origin;
  const events = [
    event('ConversationForked', { parentId, at: origin.seq }),
    ...(isOpen(turn) ? [event('TurnInterrupted', { turnId: turn.turnId, reason: FORKED }, turn.turnId)] : []),
    ...(project ? [event('ConversationProjectLinked', project)] : []),
  ];
  return decision(201, { kind: 'conversation', id: conversationId }, events);
}
