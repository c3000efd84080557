import { words } from '../words/words.js';

type Props = { error: Error | null; onRetry: () => Promise<void> };

/** Where a page of messages should be that could not be loaded: why, and the way to ask again. */
export function PageFailedNote({ error, onRetry }: Props) {
  if (!error) return null;
  return (
    <p role="alert" className="py-2 text-center text-xs text-danger">
      {words.chat.pageFailed(error.message)}{' '}
      <button type="button" className="font-medium underline" onClick={() => void onRetry()}>
        {words.chat.retry}
      </button>
    </p>
  );
}
