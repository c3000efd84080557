import { Suspense } from 'react';
import { useTimeTravel } from '#react';
import { words } from '../words/all-words.js';
import { PastBanner } from './past-banner.js';
import { PlayControls } from './play-controls.js';
import { TrackChoice } from './track-choice.js';
import { TrackSlider } from './track-slider.js';
import { useAddressPosition } from './use-address-position.js';
import { usePastActions } from './use-past-actions.js';
import { lazyPart } from '../shell/lazy-part.js';

const ComparePanel = lazyPart(() =>
  import('./compare-panel.js').then(({ ComparePanel: it }) => ({ default: it })),
);

/** The slider through everything that happened in a conversation. */
export function TimeTravelBar({ conversationId }: { conversationId: string }) {
  const travel = useTimeTravel(conversationId);
  const { diff, setDiff } = useAddressPosition(travel);
  const actions = usePastActions({ conversationId, travel });
  return (
    <aside aria-label={words.timeTravel.bar} className="border-t border-line bg-surface">
      {diff !== null && (
        <Suspense fallback={null}>
          <ComparePanel conversationId={conversationId} travel={travel} diff={diff} setDiff={setDiff} />
        </Suspense>
      )}
      <PastBanner
        travel={travel}
        actions={actions}
        isComparing={diff !== null}
        onCompare={() => setDiff('now')}
      />
      <div className="flex flex-wrap items-center gap-x-3 px-3 py-1 sm:flex-nowrap">
        <PlayControls travel={travel} />
        <div className="order-last flex w-full min-w-0 items-center sm:order-none sm:w-auto sm:grow">
          <TrackSlider travel={travel} />
        </div>
        <TrackChoice travel={travel} />
      </div>
    </aside>
  );
}
