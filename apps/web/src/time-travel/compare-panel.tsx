import { X } from 'lucide-react';
import { useComparison, type UseTimeTravelResult } from '#react';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/all-words.js';
import { ComparePoint } from './compare-point.js';
import { FileChanges } from './file-changes.js';
import { MessageChanges } from './message-changes.js';

type Props = {
  conversationId: string;
  travel: UseTimeTravelResult;
  diff: number | 'now';
  setDiff: (diff: number | 'now' | null) => void;
};

/** What is different between the moment on the slider and another one. It follows the slider. */
export function ComparePanel({ conversationId, travel, diff, setDiff }: Props) {
  const { head, position } = travel;
  const here = position ?? head;
  const there = diff === 'now' ? head : Math.min(diff, head);
  const isReady = head > 0;
  const { comparison, loading, error } = useComparison(conversationId, {
    from: isReady ? Math.min(here, there) : null,
    to: isReady ? Math.max(here, there) : null,
  });
  const { timeTravel } = words;
  const isSame = comparison && comparison.messages.length === 0 && comparison.files.length === 0;
  return (
    <section
      aria-label={timeTravel.compareWith}
      className="max-h-[45vh] overflow-y-auto overscroll-contain border-b border-line bg-raised px-4 pt-2 pb-4"
    >
      <header className="sticky -top-2 z-10 -mx-4 flex flex-wrap items-center gap-x-3 gap-y-1 bg-raised px-4 py-1.5">
        <ComparePoint travel={travel} diff={diff} setDiff={setDiff} />
        <p aria-live="polite" className="grow text-sm text-soft">
          {error ? timeTravel.comparisonFailed(error.message) : loading ? timeTravel.comparing : ''}
        </p>
        <IconButton icon={X} label={timeTravel.stopComparing} onClick={() => setDiff(null)} />
      </header>
      {isSame && <p className="py-2 text-sm text-soft">{timeTravel.same}</p>}
      {comparison && !isSame && (
        <div className={`grid gap-5 lg:grid-cols-2 ${loading ? 'opacity-70' : ''}`}>
          <FileChanges files={comparison.files} />
          <MessageChanges comparison={comparison} />
        </div>
      )}
    </section>
  );
}
