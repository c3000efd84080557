import type { ConversationAt } from '#contracts';
import {
  conversationResource,
  fieldsOfState,
  foldEvents,
  messageResource,
  noUsage,
  openCallsAfter,
  selectedPath,
  siblingPlaces,
  upcast,
  usageAfter,
  type LoggedEvent,
  type MessageState,
  type OpenToolCall,
} from '#model';

export const EPOCH = 'epoch';

/** What `state?at` is, from a fold of the whole log from its first event; a server reads rows instead. */
export function momentFromAll(id: string, log: readonly LoggedEvent[], at: number): ConversationAt {
  const events = log.slice(0, at);
  const state = foldEvents(id, events);
  const places = siblingPlaces(state);
  const show = (message: MessageState) =>
    messageResource(id, message, places.get(message.id) ?? { index: 0, count: 1 });
  const { turn, inFlight } = state;
  const writing = inFlight && state.messages[inFlight.messageId];
  return {
    seq: at,
    at: events.at(-1)?.at ?? '',
    conversation: conversationResource({ id, seq: at, epoch: EPOCH }, fieldsOfState(state)),
    messages: selectedPath(state).map(show),
    ...(turn && { turn: { id: turn.turnId, status: turn.status } }),
    ...standing(id, events),
    ...(writing && !writing.removed && { halfWritten: show(writing) }),
    markers: state.markers,
  };
}

/** Calls and tokens, event by event, each judged by the state after it. */
function standing(
  id: string,
  events: readonly LoggedEvent[],
): Pick<ConversationAt, 'openToolCalls' | 'usage'> {
  let openToolCalls: OpenToolCall[] = [];
  let usage = noUsage;
  let state = foldEvents(id, []);
  for (const event of events) {
    const { length } = state.markers;
    state = foldEvents(id, [event], state);
    if (!upcast(event).ok || state.markers.length > length) continue;
    openToolCalls = openCallsAfter(openToolCalls, state.turn?.openToolCalls ?? {}, event);
    usage = usageAfter(usage, event);
  }
  return { openToolCalls, usage };
}
