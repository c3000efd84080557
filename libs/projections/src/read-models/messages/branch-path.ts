/** Up to which message a path goes through a segment, by the message's seq; null: to its end, wherever that will be. */
export type PathEntry = [segment: number, toSeq: number | null];
export type BranchPath = PathEntry[];

/**
 * Where a message stands in the tree: a segment is an unbranched chain, named by the seq of its first message; `depth` is
 * the distance from the root. A child is newer than its parent, so along a path messages go by `seq`.
 */
export type Place = { segment: number; depth: number; seq: number };

/** The messages of one segment that lie on a path, by seq, both ends included. */
export type PathRange = { segment: number; from: number; to: number };

export function samePath(a: BranchPath, b: BranchPath): boolean {
  return a.length === b.length && a.every(([segment, to], i) => segment === b[i]?.[0] && to === b[i]?.[1]);
}

/** Whether a place lies on the path. */
export function isOnPath(path: BranchPath, { segment, seq }: Place): boolean {
  const entry = path.find(([candidate]) => candidate === segment);
  return entry !== undefined && (entry[1] === null || seq <= entry[1]);
}

/** The path as ranges, root first, with the seqs beyond `after` and before `before`, up to `last`. */
export function pathRanges(
  path: BranchPath,
  { after = 0, before = Infinity, last }: { after?: number; before?: number; last: number },
): PathRange[] {
  return path
    .map(([segment, to]) => {
      return { segment, from: Math.max(segment, after + 1), to: Math.min(to ?? Infinity, before - 1, last) };
    })
    .filter(({ from, to }) => from <= to);
}
