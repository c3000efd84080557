import { copyState, deltaEventType, evolve, type ConversationState, type LoggedEvent } from '#model';
import { refuseMarker, type FoldedChanges, type ProjectionFold } from '../../projection.js';
import { touchedIds } from '../messages/messages.fold.js';
import { storedMessagesState } from '../messages/messages-state.js';
import { SearchLedger } from './search-ledger.js';
import {
  sameConversation,
  searchedConversation,
  type SearchedConversation,
} from './searched-conversation.js';
import type { SearchedMessage } from './searched-message.js';

/** What the checkpoint keeps for the next fold. */
export type SearchState = {
  /** Without messages. */
  conversation: ConversationState;
  /** Messages that grow by chunks, and the seq that their rows are as of. */
  growing: Record<string, number>;
};

export type SearchContext = {
  state: SearchState;
  /** The rows of the messages that the events touch. */
  rows: SearchedMessage[];
  /** The conversation has its row. */
  begun: boolean;
  /** Deltas and chunks that came before, of messages that the events bring to rest. */
  growth: LoggedEvent[];
};

export type SearchChanges = FoldedChanges & {
  state: SearchState;
  inserted: SearchedMessage[];
  /** Stored rows whose text is another now. */
  rewritten: SearchedMessage[];
  /** Stored rows that keep their text. */
  followed: SearchedMessage[];
  removed: string[];
  conversation: SearchedConversation | null;
};

/**
 * Events → what messages are found by. A text is made when its message comes to rest, never while it grows: a stream of deltas
 * writes nothing here.
 */
export const searchFold: ProjectionFold<SearchContext, SearchChanges> = {
  fold(context, events, options) {
    const { growing } = context.state;
    const ledger = new SearchLedger(context.rows, growing);
    const before = searchedConversation(context.state.conversation);
    let state = copyState(context.state.conversation);
    for (const row of context.rows) state.messages[row.id] = messageOf(row);
    for (const [event, index] of inOrder(events, context.growth)) {
      if (index !== null) options.begin?.(index);
      const touched = [...touchedIds(state, event)].map((id) => [id, state.messages[id]] as const);
      state = evolve(state, event);
      refuseMarker(state, options);
      for (const [id, was] of touched) {
        const message = state.messages[id];
        if (!message || message === was) continue;
        const isAnswer = state.inFlight?.messageId === id;
        if (event.type === deltaEventType) ledger.grow(event.seq, message, 'answer');
        else if (event.type === 'MessageChunkAppended') ledger.grow(event.seq, message, 'chunks');
        else ledger.rest(message, isAnswer ? 'answer' : null);
      }
    }
    const after = searchedConversation(state);
    const { conversation } = storedMessagesState(state, []);
    return {
      state: { conversation, growing: ledger.stillGrowing() },
      markers: state.markers,
      ...ledger.changes(),
      conversation: context.begun && sameConversation(before, after) ? null : after,
    };
  },
};

/** As much of the model's message as an event needs that does not replace its text. */
function messageOf({
  id,
  role,
  status,
  seq,
  createdAt,
  body,
}: SearchedMessage): ConversationState['messages'][string] {
  return {
    id,
    role,
    seq,
    createdAt,
    content: body,
    streamingStatus: status,
    blocks: [],
    parentId: null,
    projectId: null,
    toolName: null,
    toolCall: null,
    toolResult: null,
    toolUseId: null,
    toolError: false,
    metadata: {},
    repairs: {},
    turnId: null,
    updatedSeq: seq,
    removed: false,
    updatedAt: createdAt,
  };
}

/** Events and earlier growth merged by seq; growth has no index of its own. */
function* inOrder(events: LoggedEvent[], growth: LoggedEvent[]): Generator<[LoggedEvent, number | null]> {
  let next = 0;
  for (const [index, event] of events.entries()) {
    for (; next < growth.length && growth[next]!.seq < event.seq; next += 1) yield [growth[next]!, null];
    yield [event, index];
  }
}
