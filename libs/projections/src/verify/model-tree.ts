import type { MessageState } from '#model';

type Place = { segment: number; depth: number; seq: number };
type Path = [segment: number, toSeq: number | null][];

/** Where the messages of a conversation stand, worked out from all of them at once. */
export type ModelTree = {
  placeOf(id: string): Place | undefined;
  /** The path to the first message of each segment, by its seq. */
  segments: Map<number, Path>;
  pathTo(id: string | null): Path;
};

/**
 * The tree as `message_segments` describes it, by the definition there and not by the projection's code: in the order of their seqs a
 * first child of a segment's last message continues it, any other message begins one.
 */
export function modelTree(messages: readonly MessageState[]): ModelTree {
  const places = new Map<string, Place>();
  const segments = new Map<number, Path>();
  const lastOf = new Map<number, number>();
  for (const { id, parentId, seq } of messages.toSorted((a, b) => a.seq - b.seq)) {
    const parent = parentId === null ? undefined : places.get(parentId);
    const goesOn = parent !== undefined && lastOf.get(parent.segment) === parent.seq;
    const segment = goesOn ? parent.segment : seq;
    places.set(id, { segment, seq, depth: parent ? parent.depth + 1 : 0 });
    lastOf.set(segment, seq);
    if (goesOn) continue;
    const before: Path = parent ? (segments.get(parent.segment) ?? []) : [];
    segments.set(seq, parent ? [...before, [parent.segment, parent.seq]] : []);
  }
  const pathTo = (id: string | null): Path => {
    const place = id === null ? undefined : places.get(id);
    if (!place) return [];
    const isLast = lastOf.get(place.segment) === place.seq;
    return [...(segments.get(place.segment) ?? []), [place.segment, isLast ? null : place.seq]];
  };
  return { placeOf: (id) => places.get(id), segments, pathTo };
}
