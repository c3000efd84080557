import { diffLines } from 'diff';
import { useMemo } from 'react';
import { words } from '../words/words.js';

const MOST_LINES = 2_000;
const grounds = { added: 'bg-added-ground text-added', removed: 'bg-removed-ground text-removed', kept: '' };
const signs = { added: '+', removed: '−', kept: ' ' };

type Line = { kind: keyof typeof grounds; text: string };

function linesOf(before: string, after: string): Line[] {
  return (
    diffLines(before, after, { timeout: 500 })?.flatMap(({ added, removed, value }) => {
      const kind = added ? 'added' : removed ? 'removed' : 'kept';
      return value
        .replace(/\n$/, '')
        .split('\n')
        .map((text): Line => ({ kind, text }));
    }) ?? after.split('\n').map((text) => ({ kind: 'added', text }))
  );
}

/** What leads from one text to the other, line by line. Texts that differ too much to be compared in time are shown as new. */
export function LineDiff({ before, after }: { before: string; after: string }) {
  const lines = useMemo(() => linesOf(before, after), [before, after]);
  return (
    <div className="tool-text grid" tabIndex={0} dir="ltr" role="region" aria-label={words.tools.changes}>
      {lines.slice(0, MOST_LINES).map(({ kind, text }, index) => (
        // lines have no name but their place, and never move
        <span key={index} className={`min-w-full px-1 whitespace-pre ${grounds[kind]}`}>
          <span aria-hidden className="inline-block w-4 select-none">
            {signs[kind]}
          </span>
          {text || ' '}
        </span>
      ))}
      {lines.length > MOST_LINES && <span>…</span>}
    </div>
  );
}
