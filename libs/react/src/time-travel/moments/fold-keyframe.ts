import { evolve, openCallsAfter, usageAfter, upcast, type LoggedEvent } from '#model';
import { placeOf, type Keyframe } from './keyframe.js';

/**
 * `folded`: the keyframe is right after the event. `unknown`: what the event did to the branch or to siblings cannot be told
 * from the messages that are loaded; the state at its seq is needed, and `state.inFlight` and `state.turn` are right.
 * `lost`: it belongs to an answer whose beginning is not known, and nothing here is right until that answer is over.
 */
export type Folded = 'folded' | 'unknown' | 'lost';

/** Folds one more event in, with the model's own `evolve`. It takes the keyframe over, as `evolve` takes a state. */
export function foldKeyframe(frame: Keyframe, event: LoggedEvent): Folded {
  const { state } = frame;
  const known = { markers: state.markers.length, leafId: state.leafId };
  if (frame.lost !== null && touchesAnswer(frame, event)) return 'lost';
  evolve(state, event);
  frame.at = event.at;
  const read = upcast(event);
  if (!read.ok || state.markers.length > known.markers) return 'folded';
  frame.openToolCalls = openCallsAfter(frame.openToolCalls, state.turn?.openToolCalls ?? {}, event);
  frame.usage = usageAfter(frame.usage, event);
  followTree(frame);
  const { data } = read.event as { data: { messageId?: string } };
  switch (read.event.type) {
    case 'BranchSelected':
      return state.leafId === known.leafId ? 'folded' : 'unknown';
    case 'MessageRemoved':
      return 'unknown';
    case 'MessagePosted':
    case 'AssistantMessageStarted':
    case 'ToolCallStarted':
      return addToFamily(frame, data.messageId ?? '') ? 'folded' : 'unknown';
    default:
      return 'folded';
  }
}

/** An event that needs the fold of the answer; its completion brings the message whole. */
function touchesAnswer(frame: Keyframe, event: LoggedEvent): boolean {
  const { type, data } = event;
  const { messageId } = data as { messageId?: unknown };
  if (type === 'AssistantMessageCompleted' && messageId === frame.lost) frame.lost = null;
  return (
    type === 'StreamDeltaReceived' ||
    type === 'AssistantMessageStarted' ||
    (type.startsWith('Turn') && type !== 'TurnRequested')
  );
}

/** Files that an event has moved on from are no longer those of the moment. */
function followTree(frame: Keyframe): void {
  const { project, projectId } = frame.state;
  if (project && project.seq !== null) {
    const place = placeOf(project.id, project.seq);
    if (place !== frame.tree.place) frame.tree = { place, project: undefined };
  } else if (!project && projectId === null) frame.tree = { place: '', project: undefined };
  else frame.tree = { place: null, project: undefined };
}

/** Counts a new message among its siblings; false where those are not known. */
function addToFamily({ state, places, children }: Keyframe, messageId: string): boolean {
  const message = state.messages[messageId];
  if (!message) return false;
  const parent = message.parentId ?? '';
  const siblings = children[parent];
  if (siblings === undefined) return false;
  const count = siblings + 1;
  children[parent] = count;
  children[messageId] = 0;
  places[messageId] = { index: siblings, count };
  if (siblings === 0) return true;
  for (const { id, parentId } of Object.values(state.messages))
    if (parentId === message.parentId && id !== messageId && places[id])
      places[id] = { index: places[id].index, count };
  return true;
}
