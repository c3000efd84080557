import { words } from '../words/words.js';
import { places, type Which } from './which.js';

const labels: Record<Which, string> = {
  chats: words.history.all,
  archive: words.history.archive,
  trash: words.history.trash,
};

/** Which chats are shown: one choice of three. */
export function WhichTabs({ which, onChoose }: { which: Which; onChoose: (which: Which) => void }) {
  return (
    <div role="group" aria-label={words.history.shown} className="flex gap-1 text-xs">
      {places.map((place) => (
        <button
          key={place}
          type="button"
          aria-pressed={place === which}
          onClick={() => onChoose(place)}
          className="rounded-full px-2.5 py-1 text-soft hover:text-ink aria-pressed:bg-sunken aria-pressed:font-medium aria-pressed:text-ink"
        >
          {labels[place]}
        </button>
      ))}
    </div>
  );
}
