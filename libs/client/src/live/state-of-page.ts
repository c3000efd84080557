import type { Message } from '#contracts';
import {
  initialState,
  type AssistantFold,
  type ConversationState,
  type MessageState,
  type TurnState,
  type TurnStatus,
} from '#model';
import type { StatePage } from '../resources/moments.api.js';
import { messageStateOf, removedMessage } from './message-state-of.js';

/** The messages of a branch as it was read, and between them those that were removed from it. */
function branchOf(messages: readonly Message[], leafId: string | undefined, seq: number): MessageState[] {
  const branch: MessageState[] = [];
  let last: Message | undefined;
  for (const message of messages) {
    if (last && message.parentId !== null && message.parentId !== last.id) {
      // its own seq is somewhere between those of its neighbours
      branch.push(removedMessage(message.parentId, last.id, (last.seq + message.seq) / 2));
    }
    branch.push(messageStateOf(message));
    last = message;
  }
  if (last && leafId !== undefined && leafId !== last.id) branch.push(removedMessage(leafId, last.id, seq));
  return branch;
}

function turnOf({ turn, openToolCalls }: StatePage): TurnState | null {
  if (!turn) return null;
  return {
    turnId: turn.id,
    status: turn.status as TurnStatus,
    owner: null,
    messageId: '',
    tipId: '',
    model: null,
    step: 0,
    requestedSeq: 0,
    endedSeq: null,
    openToolCalls: Object.fromEntries(openToolCalls.map((call) => [call.toolUseId, call.messageId])),
    reason: null,
    changedProject: null,
  };
}

/**
 * The state that `evolve` goes on from after a page of a state was read. It is partial: messages before the page are not in it.
 * `answer` is the fold of the answer that was being written, which further deltas need from its first one on.
 */
export function stateOfPage(page: StatePage, answer: AssistantFold | null = null): ConversationState {
  const { conversation, halfWritten, seq } = page;
  const shown = branchOf(page.messages, conversation.leafId, seq);
  const messages = Object.fromEntries(shown.map((message) => [message.id, message]));
  if (halfWritten) messages[halfWritten.id] ??= messageStateOf(halfWritten);
  const turn = turnOf(page);
  return {
    ...initialState(conversation.id),
    seq,
    projectId: conversation.projectId ?? null,
    title: conversation.title ?? null,
    titled: conversation.title !== undefined,
    archived: conversation.archived,
    trashed: conversation.trashedAt !== undefined,
    trashedAt: conversation.trashedAt ?? null,
    leafId: conversation.leafId ?? null,
    forkedFrom: conversation.forkedFrom ?? null,
    turn,
    inFlight:
      turn && halfWritten && answer
        ? { turnId: turn.turnId, messageId: halfWritten.id, startedSeq: halfWritten.seq, fold: answer }
        : null,
    messages,
    markers: [...page.markers],
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
  };
}
