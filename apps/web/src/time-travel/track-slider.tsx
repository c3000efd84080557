import * as Slider from '@radix-ui/react-slider';
import type { KeyboardEvent } from 'react';
import type { UseTimeTravelResult } from '#react';
import { words } from '../words/all-words.js';
import { DensityStrip } from './density-strip.js';
import { TrackMarks } from './track-marks.js';
import { TrackStops } from './track-stops.js';
import { whereText } from './where-text.js';

/** The slider itself. Arrows step, with Shift ten steps; Home and End go to the beginning and to now; space plays; `,` and `.` go to the marks. */
export function TrackSlider({ travel }: { travel: UseTimeTravelResult }) {
  const { track, timeline, position, head, goTo, toMark, playing, play, pause } = travel;
  if (!track || !timeline) return <div className="h-10 grow" />;
  const value = track.positionOf(position ?? head);
  const fraction = track.length < 2 ? 1 : (value - 1) / (track.length - 1);
  const slide = ([next]: number[]) => {
    if (next !== undefined) goTo(next >= track.length ? null : track.seqAt(next));
  };
  const byKey = (event: KeyboardEvent) => {
    const act = { ' ': playing ? pause : play, '.': () => toMark(1), ',': () => toMark(-1) }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  return (
    <Slider.Root
      value={[value]}
      min={1}
      max={Math.max(2, track.length)}
      disabled={track.length < 2}
      onValueChange={slide}
      className="relative flex h-10 min-w-0 grow cursor-pointer touch-none items-center select-none"
    >
      <div className="pointer-events-none absolute inset-x-2 inset-y-1">
        {track.kind === 'token' ? (
          <>
            <DensityStrip density={timeline.density} fraction={position === null ? 0 : fraction} />
            <TrackMarks marks={timeline.marks} head={head} />
          </>
        ) : (
          <TrackStops length={track.length} position={position === null ? 0 : value} />
        )}
      </div>
      <Slider.Track className="relative mx-2 h-1 w-full rounded-full bg-line">
        <Slider.Range
          className={`absolute h-full rounded-full ${position === null ? 'bg-live' : 'bg-past'}`}
        />
      </Slider.Track>
      <Slider.Thumb
        aria-label={words.timeTravel.track}
        aria-valuetext={whereText(travel)}
        onKeyDown={byKey}
        data-past={position !== null}
        className={`block size-4 rounded-full border-2 border-raised shadow-float transition-transform duration-150 hover:scale-125 ${position === null ? 'bg-live' : 'bg-past'}`}
      />
    </Slider.Root>
  );
}
