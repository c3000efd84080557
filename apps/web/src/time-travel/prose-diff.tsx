import { diffWordsWithSpace } from 'diff';
import { useMemo } from 'react';

/** How long the comparison may take: then the new text stands alone. */
const TIMEOUT_MS = 300;

/** What was taken out and put in, word by word, as one reads it. */
export function ProseDiff({ before, after }: { before: string; after: string }) {
  const parts = useMemo(
    () =>
      diffWordsWithSpace(before, after, { timeout: TIMEOUT_MS }) ?? [
        { value: after, added: true, removed: false },
      ],
    [before, after],
  );
  return (
    <p
      dir="auto"
      className="max-h-60 overflow-auto pt-0.5 text-sm break-words whitespace-pre-wrap text-soft"
      tabIndex={0}
    >
      {parts.map(({ value, added, removed }, i) => {
        if (added)
          return (
            <ins key={i} className="rounded-sm bg-added-ground text-added no-underline">
              {value}
            </ins>
          );
        if (removed)
          return (
            <del key={i} className="rounded-sm bg-removed-ground text-removed">
              {value}
            </del>
          );
        return <span key={i}>{value}</span>;
      })}
    </p>
  );
}
