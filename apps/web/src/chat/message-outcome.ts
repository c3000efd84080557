import type { Message } from '#contracts';
import { words } from '../words/words.js';

/** How a message stands, for people: a stopped answer is complete to the log, and a failed one says why. */
export type Outcome = {
  status: 'pending' | 'streaming' | 'complete' | 'error' | 'stopped' | 'interrupted';
  label: string;
  /** What there is to say about it, where it did not simply end. */
  note?: string;
};

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Read from the row: its status, and the outcome that the turn's end left on it. */
export function outcomeOf({
  streamingStatus,
  metadata,
}: Pick<Message, 'streamingStatus' | 'metadata'>): Outcome {
  const outcome = text(metadata.outcome);
  if (outcome === 'cancelled')
    return { status: 'stopped', label: words.status.stopped, note: words.status.stoppedNote };
  if (outcome === 'interrupted')
    return { status: 'interrupted', label: words.status.interrupted, note: words.status.interruptedNote };
  if (outcome === 'failed' || streamingStatus === 'error') {
    const reason = text(metadata.error) ?? text(metadata.reason);
    return {
      status: 'error',
      label: words.status.error,
      note: reason === undefined ? words.status.error : words.status.failedWith(reason),
    };
  }
  return { status: streamingStatus, label: words.status[streamingStatus] };
}
