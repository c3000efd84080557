import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { speeds, type Speed, type UseTimeTravelResult } from '#react';
import { IconButton } from '../shell/icon-button.js';
import { words } from '../words/all-words.js';

/** Plays what happened, as it happened, only that nobody waits through a pause. */
export function PlayControls({ travel }: { travel: UseTimeTravelResult }) {
  const { playing, play, pause, toMark, speed, setSpeed, head } = travel;
  const { timeTravel } = words;
  return (
    <div className="flex shrink-0 items-center">
      <IconButton
        icon={SkipBack}
        label={timeTravel.previousMark}
        onClick={() => toMark(-1)}
        disabled={head === 0}
      />
      <IconButton
        icon={playing ? Pause : Play}
        label={playing ? timeTravel.pause : timeTravel.play}
        onClick={playing ? pause : play}
        disabled={head === 0}
      />
      <IconButton
        icon={SkipForward}
        label={timeTravel.nextMark}
        onClick={() => toMark(1)}
        disabled={head === 0}
      />
      <select
        aria-label={timeTravel.speed}
        value={speed}
        onChange={(event) => setSpeed(Number(event.target.value) as Speed)}
        className="h-8 rounded-lg bg-transparent px-1 text-xs text-soft tabular-nums hover:bg-sunken hover:text-ink"
      >
        {speeds.map((one) => (
          <option key={one} value={one}>
            {timeTravel.speedOf(one)}
          </option>
        ))}
      </select>
    </div>
  );
}
