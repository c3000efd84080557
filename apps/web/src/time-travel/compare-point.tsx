import { Pin } from 'lucide-react';
import type { UseTimeTravelResult } from '#react';
import { words } from '../words/all-words.js';

type Props = {
  travel: UseTimeTravelResult;
  diff: number | 'now';
  setDiff: (diff: number | 'now') => void;
};

/** What the moment on the slider is compared with: now, a version, or a moment that is pinned while one slides on. */
export function ComparePoint({ travel: { marks, position }, diff, setDiff }: Props) {
  const { timeTravel } = words;
  const versions = marks.filter(({ kind }) => kind === 'version');
  const isMark = diff === 'now' || versions.some(({ seq }) => seq === diff);
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      <label className="flex items-center gap-2 font-medium">
        {timeTravel.compareWith}
        <select
          value={String(diff)}
          onChange={({ target }) => setDiff(target.value === 'now' ? 'now' : Number(target.value))}
          className="rounded-lg border border-line bg-paper px-2 py-1 font-normal"
        >
          <option value="now">{timeTravel.now}</option>
          {!isMark && <option value={diff}>{timeTravel.point(diff)}</option>}
          {versions.map(({ seq, version = 0 }) => (
            <option key={seq} value={seq}>
              {timeTravel.versionAt(version)}
            </option>
          ))}
        </select>
      </label>
      {position !== null && position !== diff && (
        <button
          type="button"
          onClick={() => setDiff(position)}
          className="flex items-center gap-1.5 rounded-lg px-2 py-1 text-soft hover:bg-sunken hover:text-ink"
        >
          <Pin size={14} strokeWidth={1.75} aria-hidden />
          {timeTravel.pin}
        </button>
      )}
    </div>
  );
}
