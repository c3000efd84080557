import { MAX_PROMPT_LENGTH } from '#contracts';
import type {
  CommandOf,
  ConversationCommand,
  Decision,
  DecisionResult,
  Facts,
  MessageFact,
} from './commands.js';
import type { DomainEvent, EventData, EventType } from './events.js';
import { findMessage } from './facts.js';
import { DomainRefusal } from './refusal.js';
import { isOpen, type ConversationState, type MessageRole } from './state.js';

/** What one kind of command means. Pure. */
export type Decide<T extends ConversationCommand['type']> = (
  state: ConversationState,
  command: CommandOf<T>,
  facts: Facts,
) => Decision;

/** JSON knows no `undefined`: a field that was not given is not written. */
export function event<T extends EventType>(type: T, data: EventData<T>, turnId?: string): DomainEvent {
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  return { type, data: given, ...(turnId !== undefined && { metadata: { turnId } }) } as DomainEvent;
}

export function decision(status: number, result: DecisionResult, events: DomainEvent[] = []): Decision {
  return { events, entities: [], result, status };
}

export function conversation(state: ConversationState, events: DomainEvent[] = [], status = 200): Decision {
  return decision(status, { kind: 'conversation', id: state.id }, events);
}

export function refuseAbsent(what: string, field: string): never {
  throw new DomainRefusal('not_found', 404, `There is no such ${what}.`, field);
}

export function refuseDuring(turnId: string, message: string, field?: string): never {
  throw new DomainRefusal('turn_in_progress', 409, message, field, { turnId });
}

export function refuseWhileOpen({ turn }: ConversationState): void {
  if (isOpen(turn))
    refuseDuring(turn.turnId, 'Claude is answering: wait for the end of this turn, or stop it.');
}

/** What a person wrote is never blank and not endless; a row that grows may be anything. */
export function refuseBadUserText(role: MessageRole, text: string | undefined, field: string): void {
  if (role !== 'user' || text === undefined) return;
  if (text.trim() === '')
    throw new DomainRefusal('blank', 400, `${field} must not be empty or white space only`, field);
  if (text.length > MAX_PROMPT_LENGTH) {
    throw new DomainRefusal(
      'too_long',
      400,
      `${field} must be at most ${MAX_PROMPT_LENGTH} characters`,
      field,
    );
  }
}

export function requireMessage(
  state: ConversationState,
  facts: Facts,
  id: string,
  field = 'messageId',
): MessageFact {
  const message = findMessage(state, facts, id);
  if (!message || Object.hasOwn(state.removedIds, id)) return refuseAbsent('message', field);
  return message;
}

/** The rows that a running turn is still writing are its own. */
export function refuseRowsOfTurn({ turn, inFlight }: ConversationState, messageId: string): void {
  if (!isOpen(turn)) return;
  const own = Object.values(turn.openToolCalls);
  if (inFlight) own.push(inFlight.messageId);
  if (own.includes(messageId))
    refuseDuring(turn.turnId, 'The turn is still writing this message.', 'messageId');
}

/** Where a new message goes: under the parent that was named, else under the selected leaf. */
export function parentOf(
  state: ConversationState,
  facts: Facts,
  parentId: string | null | undefined,
): string | null {
  if (parentId === undefined) {
    refuseWhileOpen(state);
    return state.leafId;
  }
  if (parentId !== null) requireMessage(state, facts, parentId, 'parentId');
  return parentId;
}

/** A child of the selected leaf is selected by itself; any other new message is selected by an event. */
export function selecting(state: ConversationState, parentId: string | null, leafId: string): DomainEvent[] {
  return parentId === state.leafId ? [] : [event('BranchSelected', { leafId })];
}
