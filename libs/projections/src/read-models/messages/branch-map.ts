import type { BranchPath, Place } from './branch-path.js';

/** What is known of the tree around the events of one fold. Plain JSON, so that it can be sent to a thread. */
export type KnownTree = {
  places: Record<string, Place>;
  /** By segment: the path to its start, and the seq of its last message. */
  segments: Record<number, { path: BranchPath; end: number }>;
};

/**
 * Gives every new message its place. Each message keeps its place for ever, so choosing another branch rewrites no row:
 * the first child of a segment's last message continues the segment, any other child begins a new one.
 */
export class BranchMap {
  private readonly places: Map<string, Place>;
  private readonly segments: Map<number, { path: BranchPath; end: number }>;
  /** Segments that were begun here: their rows are to be written. */
  readonly begun: { segment: number; path: BranchPath }[] = [];

  constructor(known: KnownTree) {
    this.places = new Map(Object.entries(known.places));
    this.segments = new Map(
      Object.entries(known.segments).map(([key, value]) => [Number(key), { ...value }]),
    );
  }

  placeOf(id: string): Place | undefined {
    return this.places.get(id);
  }

  /** A message whose parent is not known begins a tree of its own, as it does in the model's paths. */
  add(id: string, parentId: string | null, seq: number): Place {
    const known = this.places.get(id);
    if (known) return known;
    const parent = parentId === null ? undefined : this.places.get(parentId);
    const segment = parent && this.segments.get(parent.segment);
    const place = parent && segment?.end === parent.seq ? this.extend(parent, seq) : this.begin(parent, seq);
    this.places.set(id, place);
    return place;
  }

  /** The path from the root to a message; the last entry is open where the message is its segment's last. */
  pathTo(id: string | null): BranchPath {
    const place = id === null ? undefined : this.places.get(id);
    const segment = place && this.segments.get(place.segment);
    if (!place || !segment) return [];
    return [...segment.path, [place.segment, segment.end === place.seq ? null : place.seq]];
  }

  private extend({ segment, depth }: Place, seq: number): Place {
    const known = this.segments.get(segment);
    if (known) known.end = seq;
    return { segment, depth: depth + 1, seq };
  }

  private begin(parent: Place | undefined, seq: number): Place {
    const before = parent && this.segments.get(parent.segment);
    const path: BranchPath = parent && before ? [...before.path, [parent.segment, parent.seq]] : [];
    this.segments.set(seq, { path, end: seq });
    this.begun.push({ segment: seq, path });
    return { segment: seq, depth: parent ? parent.depth + 1 : 0, seq };
  }
}
