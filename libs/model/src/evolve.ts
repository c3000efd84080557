import type { EventData, EventType, LoggedEvent } from './events.js';
import { conversationHandlers } from './evolve-conversation.js';
import { messageHandlers } from './evolve-message.js';
import { turnHandlers } from './evolve-turn.js';
import { copyState, initialState, type ConversationState } from './state.js';
import { upcast, type ReadableEvent } from './upcast.js';

/** What a handler may know of the event beside its data. */
export type EventPlace = Pick<LoggedEvent, 'seq' | 'at' | 'metadata'>;

/** One handler a type: it changes the state that it is given, and replaces the messages that it changes. */
export type Handlers<T extends EventType> = {
  [K in T]: (state: ConversationState, data: EventData<K>, event: EventPlace) => void;
};

const handlers: Handlers<EventType> = { ...conversationHandlers, ...messageHandlers, ...turnHandlers };

/** Too many or of no interest to someone who looks at a list: they do not make a conversation "updated". */
const quiet = new Set<string>(['StreamDeltaReceived', 'ModelRequested']);

/** Shows an event that means nothing here, instead of skipping it in silence. */
function mark(state: ConversationState, event: { seq: number; type: string }, problem: string): void {
  state.markers.push({ seq: event.seq, type: event.type, problem });
}

function apply(state: ConversationState, event: ReadableEvent): void {
  const handler = handlers[event.type] as (
    state: ConversationState,
    data: EventData<EventType>,
    event: EventPlace,
  ) => void;
  handler(state, event.data, event);
  tieToProject(state, event);
}

/** Where a note would stand if there were one: up to there Claude knows what happened to the project. */
const telling = new Set<EventType>(['TurnStarted', 'ToolCallSucceeded', 'ToolCallFailed']);

/** Each event that tells a place in the project moves the conversation there. */
function tieToProject(state: ConversationState, { type, data }: ReadableEvent): void {
  const { projectId: id, projectSeq: seq } = data as {
    projectId?: string | null;
    projectSeq?: number | null;
  };
  if (id == null || seq == null) return;
  const known = state.project?.id === id ? state.project.toldSeq : null;
  state.project = { id, seq, toldSeq: telling.has(type) ? seq : (known ?? seq) };
}

/**
 * The state after one more event; it never throws: an event that cannot be read or applied becomes a marker.
 *
 * It takes the state over: `state` itself is changed and returned, so that an event costs the same in a conversation of
 * 12,000 messages as in one of ten. Whoever needs the state before keeps a `copyState` of it. Messages are never
 * changed: a changed one is a new object, so callers tell by identity which ones an event touched.
 */
export function evolve(state: ConversationState, event: LoggedEvent): ConversationState {
  state.seq = event.seq;
  if (!quiet.has(event.type)) state.updatedAt = event.at;
  if (state.createdAt === '') state.createdAt = event.at;
  const read = upcast(event);
  if (!read.ok) {
    mark(state, event, read.problem);
    return state;
  }
  try {
    apply(state, read.event);
  } catch (error) {
    mark(state, event, `could not be applied: ${error instanceof Error ? error.message : String(error)}`);
  }
  return state;
}

/** The state after all `events`, in order, from `from` (which is left as it is) or from the beginning. */
export function foldEvents(
  id: string,
  events: Iterable<LoggedEvent>,
  from?: ConversationState,
): ConversationState {
  let state = from ? copyState(from) : initialState(id);
  for (const event of events) state = evolve(state, event);
  return state;
}
