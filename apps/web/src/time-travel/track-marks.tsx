import type { TimelineMark } from '#react';
import { words } from '../words/all-words.js';

/** Labels that fit side by side. */
const MOST_LABELS = 10;

type Props = { marks: readonly TimelineMark[]; head: number };

/** Messages as ticks, tool calls as short ones, versions as flags. */
export function TrackMarks({ marks, head }: Props) {
  const place = (seq: number) => (head <= 1 ? 0 : ((seq - 1) / (head - 1)) * 100);
  const versions = marks.filter(({ kind }) => kind === 'version');
  return (
    <svg className="absolute inset-0 size-full overflow-visible" aria-hidden>
      {marks.map(({ seq, kind }, i) => {
        if (kind === 'status') return null;
        const x = `${place(seq)}%`;
        const tall = kind === 'message' || kind === 'version';
        return (
          <line
            key={i}
            x1={x}
            x2={x}
            y1={tall ? '62%' : '78%'}
            y2="100%"
            className={
              kind === 'version' ? 'stroke-live' : kind === 'fork' ? 'stroke-past' : 'stroke-line-strong'
            }
            strokeWidth={kind === 'version' ? 2 : 1}
          />
        );
      })}
      {versions.length <= MOST_LABELS &&
        versions.map(({ seq, version = 0 }) => (
          <text
            key={seq}
            x={`${place(seq)}%`}
            y="8"
            textAnchor={place(seq) > 96 ? 'end' : place(seq) < 4 ? 'start' : 'middle'}
            className="fill-live text-[0.625rem] font-medium tabular-nums"
          >
            {words.timeTravel.flag(version)}
          </text>
        ))}
    </svg>
  );
}
