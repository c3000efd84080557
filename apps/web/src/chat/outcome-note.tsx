import { CircleAlert, CirclePause, CircleSlash } from 'lucide-react';
import { words } from '../words/words.js';
import type { Outcome } from './message-outcome.js';

/** What became of an answer that did not simply end, and another try. What had come stays above it. */
export function OutcomeNote({ outcome, onRetry }: { outcome: Outcome; onRetry?: () => Promise<void> }) {
  const { status, note } = outcome;
  if (note === undefined) return null;
  const isFault = status === 'error';
  const Icon = status === 'stopped' ? CirclePause : isFault ? CircleAlert : CircleSlash;
  return (
    <p
      className={`mt-2 flex w-fit flex-wrap items-center gap-x-2 rounded-lg px-2.5 py-1.5 text-sm ${isFault ? 'bg-danger-ground text-danger' : 'bg-sunken text-soft'}`}
    >
      <Icon size={15} strokeWidth={1.75} aria-hidden />
      {note}
      {onRetry && status !== 'stopped' && (
        <button
          type="button"
          className="font-medium underline underline-offset-2"
          onClick={() => void onRetry()}
        >
          {words.chat.retry}
        </button>
      )}
    </p>
  );
}
