import { terminalEventTypes, type ConversationState, type LoggedEvent } from '#model';

/** The deltas of one answer that a fold cannot do without: those in (after, upTo]. */
export type DeltaSpan = { messageId: string; after: number; upTo: number };

type Open = { messageId: string; startedSeq: number };

const ends = new Set<string>([...terminalEventTypes, 'AssistantMessageStarted']);

/**
 * Which answers the events cut off, and which one is in flight after them. An answer that was completed needs no delta:
 * its last event carries it whole.
 */
export function deltaSpans(
  inFlight: ConversationState['inFlight'],
  events: LoggedEvent[],
): { cutOff: DeltaSpan[]; open: Open | null } {
  const cutOff: DeltaSpan[] = [];
  let open: Open | null = inFlight;
  for (const { seq, type, data } of events) {
    const { messageId } = (data ?? {}) as { messageId?: string };
    if (open && type === 'AssistantMessageCompleted' && messageId === open.messageId) open = null;
    if (open && ends.has(type)) {
      cutOff.push({ messageId: open.messageId, after: open.startedSeq, upTo: seq });
      open = null;
    }
    if (type === 'AssistantMessageStarted' && messageId !== undefined) open = { messageId, startedSeq: seq };
  }
  return { cutOff, open };
}
