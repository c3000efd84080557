import type { WorkOrigin } from '#platform';

/** What a committed unit tells of itself: the types of its events on a stream, and where it came from (null: not known). */
export type CommittedFacts = { types: readonly string[]; origin: WorkOrigin | null };

/** Told of a commit, once for each stream of the unit: the last seq there, and whether it holds more than deltas. */
export type CommittedListener = (
  streamId: string,
  seq: number,
  hasNonDeltas: boolean,
  facts: CommittedFacts,
) => void;

/** Told how long a group commit took, in milliseconds. */
export type FlushedListener = (ms: number) => void;
