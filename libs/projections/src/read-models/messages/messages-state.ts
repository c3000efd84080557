import { assistantFold, type ConversationState } from '#model';

/** What the checkpoint keeps of a conversation for the next fold: everything but messages, and what goes with them. */
export type StoredMessagesState = {
  conversation: ConversationState;
  /** Messages that grow by chunks: their rows may lag the checkpoint. */
  chunking: string[];
};

export function storedMessagesState(state: ConversationState, chunking: string[]): StoredMessagesState {
  const inFlight = state.inFlight && { ...state.inFlight, fold: assistantFold.start() };
  const conversation = { ...state, inFlight, messages: {}, removedIds: {}, projectNotes: {}, markers: [] };
  return { conversation, chunking };
}
