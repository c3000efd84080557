import { copyState, evolve, fieldsOfState, type ConversationFields, type ConversationState } from '#model';
import { refuseMarker, type FoldedChanges, type ProjectionFold } from '../../projection.js';
import { sameVersion, type ConversationVersion } from './conversation.row.js';

export type ConversationsContext = {
  state: ConversationState;
  /** The version that the table holds as current; null before the first event. */
  current: { fields: ConversationFields; validFrom: number } | null;
};

export type ConversationsChanges = FoldedChanges & {
  /** The stored version, with what follows every event; `validTo` null: it still stands. */
  followed: ConversationVersion | null;
  inserted: ConversationVersion[];
  /** The conversation after all events; null when there were none yet. */
  fields: ConversationFields | null;
};

type Open = { fields: ConversationFields; validFrom: number; stored: boolean };

/** Events → the rows of the conversation list. It needs no message, so its state holds none. */
export const conversationsFold: ProjectionFold<ConversationsContext, ConversationsChanges> = {
  fold(context, events, options) {
    let state = copyState(context.state);
    let open: Open | null = context.current && { ...context.current, stored: true };
    const changes: ConversationsChanges = {
      state: null,
      markers: [],
      followed: null,
      inserted: [],
      fields: null,
    };
    for (const [index, event] of events.entries()) {
      options.begin?.(index);
      state = evolve(state, event);
      refuseMarker(state, options);
      state = withoutMessages(state);
      const fields = fieldsOfState(state);
      if (open && sameVersion(open.fields, fields)) {
        open.fields = fields;
        continue;
      }
      if (open) close(changes, open, event.seq);
      open = { fields, validFrom: event.seq, stored: false };
    }
    if (open && !open.stored)
      changes.inserted.push({ fields: open.fields, validFrom: open.validFrom, validTo: null });
    if (open?.stored && events.length > 0) changes.followed = { ...open, validTo: null };
    changes.fields = open?.fields ?? null;
    changes.markers = state.markers;
    changes.state = { ...state, markers: [] };
    return changes;
  },
};

/** Takes the state over: this projection needs nothing of it that grows. */
export function withoutMessages(state: ConversationState): ConversationState {
  return { ...state, messages: {}, removedIds: {}, projectNotes: {}, inFlight: null };
}

function close(changes: ConversationsChanges, { fields, validFrom, stored }: Open, validTo: number): void {
  const version = { fields, validFrom, validTo };
  if (stored) changes.followed = version;
  else changes.inserted.push(version);
}
