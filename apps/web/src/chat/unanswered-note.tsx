import type { Message } from '#contracts';
import { words } from '../words/words.js';
import { useChatActions } from './chat-actions.js';
import { OutcomeNote } from './outcome-note.js';

type Props = { last: Message | undefined; error: { code: string } | null };

/** Under a question whose turn failed before there was any answer to say so on: why, and another try. */
export function UnansweredNote({ last, error }: Props) {
  const { isBusy, regenerate } = useChatActions();
  if (!error || isBusy || last?.role !== 'user') return null;
  const outcome = {
    status: 'error',
    label: words.status.error,
    note: words.status.failedWith(error.code),
  } as const;
  return (
    <div role="alert" className="mx-auto w-full max-w-[46rem] px-4 pb-4 sm:px-6">
      <OutcomeNote outcome={outcome} onRetry={() => regenerate(last)} />
    </div>
  );
}
