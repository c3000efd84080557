import type { ConversationTimelineResource } from '#contracts';

/** What one step of the slider is: an event, a message, or a version of the project. */
export type TrackKind = 'token' | 'message' | 'version';

/** A point of the timeline that one may go to. */
export type TimelineMark = ConversationTimelineResource['marks'][number];

/**
 * A track runs from position 1 to `length`, and its last position is the head. Each position is a seq; a seq between two
 * positions belongs to the one before it.
 */
export type Track = {
  kind: TrackKind;
  length: number;
  seqAt(position: number): number;
  positionOf(seq: number): number;
};

/** The track of a timeline. One by message stops where each message is whole, one by version where each was committed. */
export function trackOf(timeline: ConversationTimelineResource, kind: TrackKind): Track {
  if (kind === 'token') {
    const { seq: head } = timeline;
    const clamp = (value: number) => Math.min(Math.max(1, Math.round(value)), head);
    return { kind, length: head, seqAt: clamp, positionOf: clamp };
  }
  return stopsTrack(kind, kind === 'message' ? messageStops(timeline) : versionStops(timeline));
}

/** Marks that make a message: one that is edited or removed is no further one. */
export function isNewMessage({ kind, label }: TimelineMark): boolean {
  return kind === 'tool' || (kind === 'message' && label !== 'edited' && label !== 'removed');
}

/** A message is whole right before the next one begins; the last one at the head. */
function messageStops({ marks, seq: head }: ConversationTimelineResource): number[] {
  const begun = marks.filter(isNewMessage).map(({ seq }) => seq);
  const stops = begun.map((seq, i) => Math.max(seq, (begun[i + 1] ?? head + 1) - 1));
  return unique([...stops, head]);
}

/** Before the first version one is at the beginning. */
function versionStops({ marks, seq: head }: ConversationTimelineResource): number[] {
  return unique([1, ...marks.filter(({ kind }) => kind === 'version').map(({ seq }) => seq), head]);
}

function unique(seqs: number[]): number[] {
  return [...new Set(seqs)].toSorted((a, b) => a - b);
}

function stopsTrack(kind: TrackKind, stops: number[]): Track {
  const { length } = stops;
  return {
    kind,
    length,
    seqAt: (position) => stops[Math.min(Math.max(1, Math.round(position)), length) - 1] ?? 1,
    positionOf: (seq) => Math.max(1, stops.findLastIndex((stop) => stop <= seq) + 1),
  };
}
