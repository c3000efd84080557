import type { ConversationAt, Message, ProjectAt } from '#contracts';
import { stateOfPage } from '#client';
import {
  assistantFold,
  copyState,
  initialState,
  noUsage,
  type AssistantFold,
  type ConversationState,
  type InFlight,
  type OpenToolCall,
  type SiblingPlace,
  type TokenUsage,
} from '#model';
import type { GivenState } from './moment-source.js';

/**
 * A conversation right after one event, complete enough to be folded on: `state` holds the messages of one page of the
 * selected branch, those that came since, and the answer that is being written.
 */
export type Keyframe = {
  state: ConversationState;
  /** When the event of `state.seq` was recorded; empty at 0. */
  at: string;
  epoch: string;
  /** The cursor of the messages before those that are loaded. It holds at every moment of the conversation. */
  prev?: string;
  places: Record<string, SiblingPlace>;
  /** How many children a message has, where that is known; `''` stands for the first messages. */
  children: Record<string, number>;
  usage: TokenUsage;
  openToolCalls: OpenToolCall[];
  /** What the server gave as the project's files, and the place that they are of; null: any event may change them. */
  tree: { place: string | null; project: ProjectAt | undefined };
  /** An answer that is being written and whose beginning is not known: its deltas cannot be folded. */
  lost: string | null;
};

/** The moment before the first event: all is known of it. */
export function emptyKeyframe(conversationId: string, epoch: string): Keyframe {
  return {
    state: initialState(conversationId),
    at: '',
    epoch,
    places: {},
    children: { '': 0 },
    usage: noUsage,
    openToolCalls: [],
    tree: { place: '', project: undefined },
    lost: null,
  };
}

/** A keyframe that may be folded on without changing this one. Messages are shared: a fold replaces them. */
export function copyKeyframe(frame: Keyframe): Keyframe {
  return {
    ...frame,
    state: copyState(frame.state),
    places: { ...frame.places },
    children: { ...frame.children },
  };
}

/**
 * A keyframe of what the server gave. `folded` is the answer that was being written there, as the deltas before made it:
 * a state shows its text, not the raw input of a tool call that is on its way.
 */
export function keyframeOf({ state: given, prev }: GivenState, folded: InFlight | null = null): Keyframe {
  const { halfWritten, project } = given;
  const page = { ...given, ...(prev !== undefined && { previous: prev }) };
  const state = stateOfPage(page, answerAt(given, folded));
  return {
    state: {
      ...state,
      project: project ? { id: project.id, seq: project.seq ?? null, toldSeq: null } : null,
    },
    at: given.at,
    epoch: given.conversation.epoch,
    prev,
    places: Object.fromEntries(shown(given).map(({ id, siblings }) => [id, siblings])),
    children: childrenOf(given),
    usage: given.usage,
    openToolCalls: given.openToolCalls,
    tree: treeOf(given),
    lost: halfWritten && !state.inFlight ? halfWritten.id : null,
  };
}

/** The place of a tree in a project's own log. What was there never changes. */
export function placeOf(projectId: string, seq: number): string {
  return `${projectId}@${seq}`;
}

function treeOf({ conversation, project }: ConversationAt): Keyframe['tree'] {
  if (!project) return { place: conversation.projectId === undefined ? '' : null, project };
  return { place: project.seq === undefined ? null : placeOf(project.id, project.seq), project };
}

/** An answer that begins with this very event has no deltas yet. */
function answerAt({ halfWritten, seq }: ConversationAt, folded: InFlight | null): AssistantFold | null {
  if (folded && folded.messageId === halfWritten?.id) return folded.fold;
  return halfWritten?.seq === seq ? assistantFold.start() : null;
}

/** The messages of the branch, and the answer that is being written where it is on another one. */
function shown({ messages, halfWritten }: ConversationAt): Message[] {
  const beside = halfWritten && !messages.some(({ id }) => id === halfWritten.id);
  return beside ? [...messages, halfWritten] : messages;
}

/**
 * A message that is shown tells how many siblings it has. The one that the branch ends in has no child where it is the
 * newest event: what comes later is not there yet.
 */
function childrenOf(given: ConversationAt): Record<string, number> {
  const children: Record<string, number> = {};
  for (const { parentId, siblings } of shown(given)) children[parentId ?? ''] = siblings.count;
  for (const { id, seq } of shown(given)) if (seq === given.seq) children[id] = 0;
  return children;
}
