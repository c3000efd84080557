import type { OutboxEntry } from '#client';
import { LoaderCircle, CircleAlert, Clock3 } from 'lucide-react';
import { PlainText } from '../markdown/plain-text.js';
import { words } from '../words/words.js';

type Props = {
  entries: readonly OutboxEntry[];
  onRetry: (key: string) => void;
  onDiscard: (key: string) => void;
};

const icons = { accepted: LoaderCircle, sending: LoaderCircle, waiting: Clock3, refused: CircleAlert };

/** What was sent and is not in the log yet: it looks like a message, and says that it is none so far. */
export function OutboxList({ entries, onRetry, onDiscard }: Props) {
  if (entries.length === 0) return null;
  return (
    <ul aria-label={words.status.pending} className="mx-auto w-full max-w-[46rem] px-4 pb-4 sm:px-6">
      {entries.map((entry) => {
        const Icon = icons[entry.status];
        return (
          <li key={entry.key} data-outbox={entry.status} className="flex flex-col items-end pt-4">
            <div className="max-w-[85%] rounded-2xl rounded-ee-md border border-dashed border-line-strong bg-surface px-4 py-2.5">
              <PlainText text={entry.turn.prompt} />
            </div>
            <p
              className={`flex items-center gap-1.5 pt-1 text-xs ${entry.status === 'refused' ? 'text-danger' : 'text-faint'}`}
              role={entry.status === 'refused' ? 'alert' : undefined}
            >
              <Icon
                size={13}
                aria-hidden
                className={entry.status === 'sending' || entry.status === 'accepted' ? 'animate-spin' : ''}
              />
              {noteOf(entry)}
              {entry.status === 'refused' && (
                <button type="button" className="font-medium underline" onClick={() => onRetry(entry.key)}>
                  {words.chat.retry}
                </button>
              )}
              {(entry.status === 'waiting' || entry.status === 'refused') && (
                <button type="button" className="font-medium underline" onClick={() => onDiscard(entry.key)}>
                  {words.chat.discard}
                </button>
              )}
            </p>
          </li>
        );
      })}
    </ul>
  );
}

function noteOf({ status, error }: OutboxEntry): string {
  if (status === 'refused') return words.status.refused(error?.message ?? '');
  return status === 'waiting' ? words.status.waiting : words.status.sending;
}
