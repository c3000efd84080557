import type { Decision, DecisionResult } from './commands.js';
import {
  decision,
  event,
  parentOf,
  refuseAbsent,
  refuseBadUserText,
  refuseWhileOpen,
  requireMessage,
  selecting,
  type Decide,
} from './decide-rules.js';
import type { DomainEvent } from './events.js';
import { userMessageOf } from './facts.js';
import { DomainRefusal } from './refusal.js';
import { isOpen, type ConversationState } from './state.js';
import { blocksOfText } from './text.js';

/** A conversation has one project, once it has one. */
function linkTo(state: ConversationState, projectId: string | null | undefined): DomainEvent[] {
  if (projectId == null || projectId === state.projectId) return [];
  if (state.projectId === null) return [event('ConversationProjectLinked', { projectId })];
  const message = 'This conversation belongs to another project.';
  throw new DomainRefusal('other_project', 409, message, 'projectId', { projectId: state.projectId });
}

export const requestTurn: Decide<'requestTurn'> = (state, command, facts) => {
  const { turnId, messageId, prompt, model } = command;
  const linking = linkTo(state, command.projectId);
  refuseWhileOpen(state);
  refuseBadUserText('user', prompt, 'prompt');
  const parentId = parentOf(state, facts, command.parentId);
  const content = blocksOfText(prompt);
  const events = [
    event('MessagePosted', { messageId, parentId, role: 'user', content }, turnId),
    ...selecting(state, parentId, messageId),
    ...linking,
    event('TurnRequested', { turnId, messageId, model }, turnId),
  ];
  const entities = [
    { id: messageId, index: 0 },
    { id: turnId, index: events.length - 1 },
  ];
  return { ...decision(202, { kind: 'turn', id: turnId, messageId }, events), entities };
};

export const regenerate: Decide<'regenerate'> = (state, { messageId, turnId, model }, facts) => {
  requireMessage(state, facts, messageId);
  refuseWhileOpen(state);
  const userMessageId = userMessageOf(state, facts, messageId);
  if (userMessageId === null || Object.hasOwn(state.removedIds, userMessageId)) {
    throw new DomainRefusal('nothing_to_answer', 409, 'No user message stands before this one.', 'messageId');
  }
  // The new answer becomes a sibling of the old one: it grows from the user message, which is selected for that.
  const select =
    state.leafId === userMessageId ? [] : [event('BranchSelected', { leafId: userMessageId }, turnId)];
  const events = [...select, event('TurnRequested', { turnId, messageId: userMessageId, model }, turnId)];
  const entities = [{ id: turnId, index: events.length - 1 }];
  return { ...decision(202, { kind: 'turn', id: turnId, messageId: userMessageId }, events), entities };
};

function turnResult(state: ConversationState, turnId: string): DecisionResult {
  return { kind: 'turn', id: turnId, messageId: state.turn?.messageId ?? '' };
}

export const cancelTurn: Decide<'cancelTurn'> = (state, { turnId, reason }, facts) => {
  const { turn } = state;
  const known = turn?.turnId === turnId || Object.hasOwn(facts.turns ?? {}, turnId);
  if (!known) refuseAbsent('turn', 'turnId');
  if (!isOpen(turn) || turn.turnId !== turnId) {
    throw new DomainRefusal('turn_finished', 409, 'This turn has ended.', 'turnId');
  }
  return decision(200, turnResult(state, turnId), [event('TurnCancelled', { turnId, reason }, turnId)]);
};

/** Whoever finds the turn ended already has nothing to do: its one terminal event stands. */
function endIfOpen(state: ConversationState, turnId: string, end: DomainEvent): Decision {
  const open = isOpen(state.turn) && state.turn.turnId === turnId;
  return decision(200, turnResult(state, turnId), open ? [end] : []);
}

export const interruptTurn: Decide<'interruptTurn'> = (state, { turnId, reason }) =>
  endIfOpen(state, turnId, event('TurnInterrupted', { turnId, reason }, turnId));

export const failTurn: Decide<'failTurn'> = (state, { turnId, code, message }) =>
  endIfOpen(state, turnId, event('TurnFailed', { turnId, code, message }, turnId));
