import { Suspense } from 'react';
import { words } from '../words/all-words.js';
import { lazyPart } from '../shell/lazy-part.js';

const DiffLines = lazyPart(() => import('./diff-lines.js').then(({ DiffLines: it }) => ({ default: it })));
const ProseDiff = lazyPart(() => import('./prose-diff.js').then(({ ProseDiff: it }) => ({ default: it })));

type Props = { label: string; before: string; after: string; isProse?: boolean };

/** Two texts: code line by line, prose word by word. What compares them is loaded with the first use. */
export function TextDiff({ isProse = false, ...props }: Props) {
  return (
    <Suspense fallback={<p className="px-3 py-2 text-sm text-soft">{words.timeTravel.comparing}</p>}>
      {isProse ? <ProseDiff {...props} /> : <DiffLines {...props} />}
    </Suspense>
  );
}
