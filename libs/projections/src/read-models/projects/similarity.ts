import { setImmediate as breathe } from 'node:timers/promises';
import { byPath } from '#model';
import { splitLines } from './split-lines.js';

/** A file of one side of a comparison. */
export type ComparedFile = { path: string; sha256: string; content: string };
/** A file that was called otherwise. `similarity` is 0 to 1. */
export type Rename = { from: string; to: string; similarity: number };

/** At least so much of a file must be in both for the two to be one file (git's default). */
const ENOUGH = 0.5;
/** Comparing more lines than this would take seconds: then only equal contents are found. */
const MOST_LINES = 2_000_000;

/**
 * Which of the files that are gone stand among the new ones under another name: equal contents first, then the most similar.
 * Each file is in one rename at most. Gives way to other work in between.
 */
export async function renamesBetween(
  gone: readonly ComparedFile[],
  fresh: readonly ComparedFile[],
): Promise<Rename[]> {
  const renames = equalContents(gone, fresh);
  const taken = new Set(renames.flatMap(({ from, to }) => [`-${from}`, `+${to}`]));
  const left = gone.filter(({ path }) => !taken.has(`-${path}`));
  const right = fresh.filter(({ path }) => !taken.has(`+${path}`));
  const [leftLines, rightLines] = [await linesOfAll(left), await linesOfAll(right)];
  if (comparisons(leftLines, rightLines) > MOST_LINES) return renames;
  const pairs: Rename[] = [];
  for (const [i, from] of left.entries()) {
    for (const [j, to] of right.entries())
      pairs.push({ from: from.path, to: to.path, similarity: similarityOf(leftLines[i]!, rightLines[j]!) });
    await breathe();
  }
  const best = pairs
    .filter(({ similarity }) => similarity >= ENOUGH)
    .toSorted((a, b) => b.similarity - a.similarity || byPath(a.from, b.from) || byPath(a.to, b.to));
  for (const pair of best) {
    if (taken.has(`-${pair.from}`) || taken.has(`+${pair.to}`)) continue;
    taken.add(`-${pair.from}`).add(`+${pair.to}`);
    renames.push(pair);
  }
  return renames;
}

/** Of several equal files those of the same name in another folder belong together, then the first. */
function equalContents(gone: readonly ComparedFile[], fresh: readonly ComparedFile[]): Rename[] {
  const renames: Rename[] = [];
  const free = new Set(fresh);
  const take = (file: ComparedFile, fits: (other: ComparedFile) => boolean): boolean => {
    const found = [...free].find((other) => other.sha256 === file.sha256 && fits(other));
    if (!found) return false;
    free.delete(found);
    renames.push({ from: file.path, to: found.path, similarity: 1 });
    return true;
  };
  const rest = gone.filter(
    (file) => file.content !== '' && !take(file, ({ path }) => nameOf(path) === nameOf(file.path)),
  );
  for (const file of rest) take(file, () => true);
  return renames;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

type Lines = { counts: Map<string, number>; size: number };

async function linesOfAll(files: readonly ComparedFile[]): Promise<Lines[]> {
  const lines: Lines[] = [];
  for (const file of files) {
    lines.push(linesOf(file));
    await breathe();
  }
  return lines;
}

function linesOf({ content }: ComparedFile): Lines {
  const counts = new Map<string, number>();
  for (const line of splitLines(content)) counts.set(line, (counts.get(line) ?? 0) + 1);
  return { counts, size: content.length };
}

/** How many lines comparing every two files looks up. */
function comparisons(left: readonly Lines[], right: readonly Lines[]): number {
  const distinct = (files: readonly Lines[]) => files.reduce((sum, { counts }) => sum + counts.size, 0);
  return Math.min(distinct(left) * right.length, distinct(right) * left.length);
}

/** How much of the larger file stands in the other one too, in whole lines, whatever their order. */
function similarityOf(a: Lines, b: Lines): number {
  const [small, large] = a.size < b.size ? [a.size, b.size] : [b.size, a.size];
  if (large === 0 || small / large < ENOUGH) return 0;
  // By the file of fewer distinct lines, as `comparisons` counts: the smaller one may have far more.
  const [few, many] = a.counts.size < b.counts.size ? [a.counts, b.counts] : [b.counts, a.counts];
  let common = 0;
  for (const [line, count] of few) common += Math.min(count, many.get(line) ?? 0) * line.length;
  return common / large;
}
