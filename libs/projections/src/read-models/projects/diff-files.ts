import { setImmediate as breathe } from 'node:timers/promises';
import { structuredPatch } from 'diff';
import type { FileDiff } from '#contracts';
import { byPath } from '#model';
import { renamesBetween, type ComparedFile } from './similarity.js';
import { splitLines } from './split-lines.js';

/** A file of a version, its content looked up. */
export type VersionFiles = Record<string, { sha256: string; content: string }>;
/** A changed file, and how much of a renamed one stayed. */
export type ChangedFile = FileDiff & { similarity?: number };

const CONTEXT_LINES = 3;
/**
 * Contents that differ in more lines than their share are shown as replaced from the first line that differs to the last: the
 * work grows with the square of the edits (1,000 take some 0.2 s: measured), and a version may change 500 files.
 */
const MOST_WORK = 1_000_000;
const MOST_EDITS = 1_000;
const FEWEST_EDITS = 50;

type Hunk = FileDiff['hunks'][number];

/**
 * What leads from one set of files to another, in path order; equal files are left out. The same for the same files,
 * whatever the machine. Gives way to other work after each file.
 */
export async function diffFiles(from: VersionFiles, to: VersionFiles): Promise<ChangedFile[]> {
  const gone = filesOf(from).filter(({ path }) => !Object.hasOwn(to, path));
  const fresh = filesOf(to).filter(({ path }) => !Object.hasOwn(from, path));
  const renames = await renamesBetween(gone, fresh);
  const renamedFrom = new Set(renames.map((rename) => rename.from));
  const renamedTo = new Set(renames.map((rename) => rename.to));
  const modified = filesOf(to).filter(
    ({ path, sha256 }) => Object.hasOwn(from, path) && from[path]!.sha256 !== sha256,
  );
  const share = Math.floor(Math.sqrt(MOST_WORK / (modified.length + renames.length)));
  const mostEdits = Math.min(MOST_EDITS, Math.max(FEWEST_EDITS, share));
  const changed: (() => ChangedFile)[] = [
    ...gone
      .filter(({ path }) => !renamedFrom.has(path))
      .map(
        ({ path, content }) =>
          () =>
            changeOf({ path, status: 'deleted' }, content, '', mostEdits),
      ),
    ...fresh
      .filter(({ path }) => !renamedTo.has(path))
      .map(
        ({ path, content }) =>
          () =>
            changeOf({ path, status: 'added' }, '', content, mostEdits),
      ),
    ...renames.map((rename) => () => {
      const named = { path: rename.to, oldPath: rename.from, status: 'renamed' } as const;
      const change = changeOf(named, from[rename.from]!.content, to[rename.to]!.content, mostEdits);
      return { ...change, similarity: rename.similarity };
    }),
    ...modified.map(
      ({ path, content }) =>
        () =>
          changeOf({ path, status: 'modified' }, from[path]!.content, content, mostEdits),
    ),
  ];
  const files: ChangedFile[] = [];
  for (const make of changed) {
    files.push(make());
    await breathe();
  }
  return files.toSorted((a, b) => byPath(a.path, b.path));
}

function filesOf(files: VersionFiles): ComparedFile[] {
  return Object.entries(files).map(([path, file]) => ({ path, ...file }));
}

function changeOf(
  named: Pick<FileDiff, 'path' | 'oldPath' | 'status'>,
  before: string,
  after: string,
  mostEdits: number,
): FileDiff {
  const hunks = hunksOf(before, after, mostEdits);
  const lines = hunks.flatMap((hunk) => hunk.lines);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return { ...named, additions: count('+'), deletions: count('-'), hunks };
}

function hunksOf(before: string, after: string, mostEdits: number): Hunk[] {
  if (before === after) return [];
  if (before === '' || after === '') return [replacement(before, after)];
  const options = { context: CONTEXT_LINES, maxEditLength: mostEdits };
  const patch = structuredPatch('', '', before, after, undefined, undefined, options);
  if (!patch) return [replacement(before, after)];
  return patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) =>
    placed({ oldStart, oldLines, newStart, newLines, lines }),
  );
}

/** The unified format says of no lines after which line they stand. */
function placed(hunk: Hunk): Hunk {
  return {
    ...hunk,
    oldStart: hunk.oldLines === 0 ? hunk.oldStart - 1 : hunk.oldStart,
    newStart: hunk.newLines === 0 ? hunk.newStart - 1 : hunk.newStart,
  };
}

/** All from the first line that differs to the last, with the context around them. */
function replacement(before: string, after: string): Hunk {
  const [old, fresh] = [splitLines(before), splitLines(after)];
  const shorter = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < shorter && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < shorter - start && old.at(-1 - end) === fresh.at(-1 - end)) end += 1;
  const above = Math.max(0, start - CONTEXT_LINES);
  const below = Math.max(0, end - CONTEXT_LINES);
  const [oldEnd, freshEnd] = [old.length - end, fresh.length - end];
  return placed({
    oldStart: above + 1,
    oldLines: old.length - below - above,
    newStart: above + 1,
    newLines: fresh.length - below - above,
    lines: [
      ...signed(' ', old.slice(above, start)),
      ...signed('-', old.slice(start, oldEnd)),
      ...signed('+', fresh.slice(start, freshEnd)),
      ...signed(' ', old.slice(oldEnd, old.length - below)),
    ],
  });
}

function signed(sign: ' ' | '-' | '+', lines: string[]): string[] {
  return lines.flatMap((line) =>
    line.endsWith('\n') ? [sign + line.slice(0, -1)] : [sign + line, '\\ No newline at end of file'],
  );
}
