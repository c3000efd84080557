import { words } from '../words/words.js';

/** Above the composer of a chat in the trash: it can be read, and brought back. */
export function TrashNote({ onRestore }: { onRestore: () => Promise<void> }) {
  return (
    <p className="mx-auto mb-2 flex w-fit items-center gap-4 rounded-xl bg-past-ground px-4 py-2 text-sm text-past">
      {words.chat.trashed}
      <button
        type="button"
        className="font-semibold underline underline-offset-2"
        onClick={() => void onRestore()}
      >
        {words.history.restore}
      </button>
    </p>
  );
}
