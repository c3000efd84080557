import { useId } from 'react';
import type { TrackKind, UseTimeTravelResult } from '#react';
import { words } from '../words/all-words.js';

const kinds: TrackKind[] = ['token', 'message', 'version'];

/** What one step of the slider is. */
export function TrackChoice({ travel: { trackKind, setTrack, timeline } }: { travel: UseTimeTravelResult }) {
  const name = useId();
  const { timeTravel } = words;
  return (
    <fieldset className="flex shrink-0 rounded-lg bg-sunken p-0.5 text-xs">
      <legend className="sr-only">{timeTravel.steps}</legend>
      {kinds.map((kind) => {
        const isEmpty = kind === 'version' && timeline?.totals.version === 0;
        return (
          <label
            key={kind}
            className={`rounded-md px-2 py-1 has-focus-visible:outline-2 has-focus-visible:outline-live ${trackKind === kind ? 'bg-raised text-ink shadow-sm' : 'text-soft'} ${isEmpty ? 'opacity-50' : 'cursor-pointer hover:text-ink'}`}
          >
            <input
              type="radio"
              name={name}
              value={kind}
              checked={trackKind === kind}
              disabled={isEmpty}
              onChange={() => setTrack(kind)}
              className="sr-only"
            />
            {timeTravel.kinds[kind]}
          </label>
        );
      })}
    </fieldset>
  );
}
