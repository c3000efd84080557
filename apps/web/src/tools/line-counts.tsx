import { words } from '../words/words.js';

/** +12 −3, read out as lines. */
export function LineCounts({ added = 0, removed = 0 }: { added?: number; removed?: number }) {
  return (
    <>
      {added > 0 && (
        <span className="text-added" aria-label={words.tools.linesAdded(added)} role="img">
          {words.tools.added(added)}
        </span>
      )}
      {removed > 0 && (
        <span className="text-removed" aria-label={words.tools.linesRemoved(removed)} role="img">
          {words.tools.removed(removed)}
        </span>
      )}
    </>
  );
}
