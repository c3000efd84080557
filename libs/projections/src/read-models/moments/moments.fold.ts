import {
  copyState,
  evolve,
  openCallsAfter,
  upcast,
  usageAfter,
  type ConversationState,
  type LoggedEvent,
} from '#model';
import { refuseMarker, type FoldedChanges, type ProjectionFold } from '../../projection.js';
import { markOf } from './mark-of.js';
import type { Mark, Moment, Standing } from './moment.js';

export type MomentsContext = {
  /** Without messages. */
  state: ConversationState;
  standing: Standing;
};

export type MomentsChanges = FoldedChanges & {
  state: MomentsContext;
  /** One for each event that is a mark or changed what stands. */
  moments: Moment[];
};

/** Nothing of these can be marked, nor do they change what stands; there may be thousands. */
const unmarked = new Set(['ModelRequested', 'MessageChunkAppended', 'StreamDeltaReceived']);

/** Events → the track of the conversation, and what stood at each point of it. */
export const momentsFold: ProjectionFold<MomentsContext, MomentsChanges> = {
  fold(context, events, options) {
    let state = copyState(context.state);
    let { standing } = context;
    const moments: Moment[] = [];
    for (const [index, event] of events.entries()) {
      options.begin?.(index);
      state = withoutMessages(evolve(state, event));
      refuseMarker(state, options);
      if (unmarked.has(event.type) || state.markers.at(-1)?.seq === event.seq) continue;
      const read = upcast(event);
      if (!read.ok) continue;
      const mark = numbered(markOf(read.event), standing);
      standing = standingAfter(standing, state, read.event, mark);
      moments.push({ seq: event.seq, at: event.at, mark, standing });
    }
    const { markers } = state;
    return { state: { state: { ...state, markers: [] }, standing }, markers, moments };
  },
};

/** All that this fold needs of a conversation, which is also all that its checkpoint keeps. */
export function withoutMessages(state: ConversationState): ConversationState {
  return { ...state, messages: {}, removedIds: {}, projectNotes: {} };
}

function numbered(mark: ReturnType<typeof markOf>, { counts }: Standing): Mark | null {
  return mark && { ...mark, n: counts[mark.kind] + 1 };
}

type Read = Pick<LoggedEvent, 'type' | 'data'>;

function standingAfter(
  before: Standing,
  { turn, inFlight, project }: ConversationState,
  event: Read,
  mark: Mark | null,
): Standing {
  return {
    turn: turn && { id: turn.turnId, status: turn.status },
    openToolCalls: openCallsAfter(before.openToolCalls, turn?.openToolCalls ?? {}, event),
    writingId: inFlight?.messageId ?? null,
    project: project && { id: project.id, seq: project.seq },
    usage: usageAfter(before.usage, event),
    counts: mark ? { ...before.counts, [mark.kind]: mark.n } : before.counts,
  };
}

/** Which calls are open the model says; what they are called their first event does. */
