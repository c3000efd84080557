import type { ConversationAt, Message, ProjectAt } from '#contracts';
import {
  conversationOfState,
  messageResource,
  selectedPath,
  type MessageState,
  type SiblingPlace,
} from '#model';
import type { Keyframe } from './keyframe.js';
import type { GivenState } from './moment-source.js';

/** A conversation as it was at a seq, as the server's `state` gives it; `messages` may begin earlier than a page would. */
export type MomentView = ConversationAt & {
  /** The cursor of the messages before; absent at the beginning. */
  prev?: string;
  /** False while the files of the moment are not loaded: `project` is absent then. */
  filesKnown: boolean;
};

/** Files by their place in a project's log; null: none were there. */
export type Trees = { get(place: string): ProjectAt | null | undefined };

/** What the keyframe shows. A message that has not changed is the same object as in other views. */
export function momentView(frame: Keyframe, trees?: Trees): MomentView {
  const { state, at, epoch, prev, usage, openToolCalls, tree, places, lost } = frame;
  const show = (message: MessageState) => shownAs(state.id, message, places[message.id] ?? alone);
  const { turn, inFlight } = state;
  const writing = state.messages[inFlight?.messageId ?? lost ?? ''];
  const project = tree.project ?? (tree.place ? trees?.get(tree.place) : undefined);
  return {
    seq: state.seq,
    at,
    conversation: conversationOfState(state, epoch),
    messages: selectedPath(state).map(show),
    ...(turn && { turn: { id: turn.turnId, status: turn.status } }),
    openToolCalls,
    ...(writing && !writing.removed && { halfWritten: show(writing) }),
    usage,
    ...(project && { project }),
    markers: [...state.markers],
    ...(prev !== undefined && { prev }),
    filesKnown: project !== undefined || tree.place === '',
  };
}

/** The server's own answer as a view. */
export function viewOfPage({ state, prev }: GivenState): MomentView {
  return { ...state, ...(prev !== undefined && { prev }), filesKnown: true };
}

const alone: SiblingPlace = { index: 0, count: 1 };
const shown = new WeakMap<MessageState, Message>();

function shownAs(conversationId: string, message: MessageState, place: SiblingPlace): Message {
  const before = shown.get(message);
  if (
    before?.conversationId === conversationId &&
    before.siblings.index === place.index &&
    before.siblings.count === place.count
  )
    return before;
  const resource = messageResource(conversationId, message, place);
  shown.set(message, resource);
  return resource;
}
