import { structuredPatch } from 'diff';
import { useMemo } from 'react';

/** Lines around a change. */
const CONTEXT = 2;
/** Work of the comparison, in edits: two files that have nothing in common are shown as one gone and one new. */
const MOST_EDITS = 2_000;

const looks: Record<string, string> = {
  '+': 'bg-added-ground text-added',
  '-': 'bg-removed-ground text-removed',
};

/** What was taken out and put in, by line, with its numbers. */
export function DiffLines({ label, before, after }: { label: string; before: string; after: string }) {
  const hunks = useMemo(() => hunksOf(before, after), [before, after]);
  return (
    <div
      role="group"
      aria-label={label}
      // it scrolls: a keyboard must reach it
      tabIndex={0}
      dir="ltr"
      className="max-h-80 overflow-auto rounded-b-lg bg-paper py-1 font-mono text-xs leading-5"
    >
      <div className="w-max min-w-full">
        {hunks.map(({ oldStart, newStart, lines }) => (
          <div
            key={`${oldStart} ${newStart}`}
            className="border-t border-dashed border-line first:border-t-0"
          >
            {lines.map((line, i) => (
              <div key={i} className={`px-3 whitespace-pre ${looks[line[0] ?? ''] ?? 'text-soft'}`}>
                {line === '' ? ' ' : line}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

type Hunk = { oldStart: number; newStart: number; lines: string[] };

/** Whether a file ends in a new line is no line of it. */
const isLine = (line: string): boolean => !line.startsWith('\\');

/** A text as lines that are all new, or all gone. */
const allLines = (sign: string, text: string): string[] =>
  text === '' ? [] : text.split('\n').map((line) => sign + line);

function hunksOf(before: string, after: string): Hunk[] {
  const options = { context: CONTEXT, maxEditLength: MOST_EDITS };
  const patch = structuredPatch('', '', before, after, '', '', options);
  if (patch) return patch.hunks.map((hunk) => ({ ...hunk, lines: hunk.lines.filter(isLine) }));
  return [{ oldStart: 1, newStart: 1, lines: [...allLines('-', before), ...allLines('+', after)] }];
}
