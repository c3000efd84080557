import type { ConversationTimelineResource } from '#contracts';
import { isNewMessage, type TimelineMark } from './track.js';

/** The nearest mark after a seq; undefined beyond the last. */
export function markAfter({ marks }: ConversationTimelineResource, seq: number): TimelineMark | undefined {
  return marks.find((mark) => mark.seq > seq);
}

/** The nearest mark before a seq; undefined before the first. */
export function markBefore({ marks }: ConversationTimelineResource, seq: number): TimelineMark | undefined {
  return marks.findLast((mark) => mark.seq < seq);
}

/** Where a seq is among the messages and versions: `message` counts from 1, 0 before the first; `version` is null before the first. */
export type Whereabouts = { message: number; messages: number; version: number | null };

/** Exact where each mark stands for itself; where they are thinned, right at the marks. */
export function whereabouts({ marks }: ConversationTimelineResource, seq: number): Whereabouts {
  let [message, messages] = [0, 0];
  let version: number | null = null;
  for (const mark of marks) {
    if (isNewMessage(mark)) messages += mark.count;
    if (mark.seq > seq) continue;
    if (isNewMessage(mark)) message = messages;
    if (mark.kind === 'version') version = mark.version ?? version;
  }
  return { message, messages, version };
}
