import { assistantFold } from './assistant-fold.js';
import { isOpen, type ConversationState, type MessageState } from './state.js';

/**
 * Changes whenever `evolve` or `prune` make another state of the same events: a stored snapshot of another version is
 * not read.
 */
export const reducerVersion = 2;

/**
 * The small state that `decide` needs: of the messages only the unfinished rows of the open turn are kept.
 * `decide` on it, with the facts that `missingFacts` asks for, decides as on the full state; so it does after any
 * further events, deltas left out.
 */
export function prune(state: ConversationState): ConversationState {
  const messages: Record<string, MessageState> = {};
  const open = isOpen(state.turn) ? Object.values(state.turn.openToolCalls) : [];
  for (const id of state.inFlight ? [...open, state.inFlight.messageId] : open) {
    const message = state.messages[id];
    if (message) messages[id] = message;
  }
  const inFlight = state.inFlight && { ...state.inFlight, fold: assistantFold.start() };
  return { ...state, inFlight, messages, removedIds: { ...state.removedIds }, projectNotes: {}, markers: [] };
}
