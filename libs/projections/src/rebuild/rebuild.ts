/** Where a rebuild stands. `awaiting_acceptance`: the new rows differ from the live ones, and someone must say that they may. */
export const rebuildStatuses = [
  'running',
  'paused',
  'awaiting_acceptance',
  'done',
  'cancelled',
  'failed',
] as const;
export type RebuildStatus = (typeof rebuildStatuses)[number];

/** What a rebuild does now: copies streams, brings them up to the log, compares, flips the pointer. */
export const rebuildPhases = ['copying', 'reconciling', 'comparing', 'flipping', 'over'] as const;
export type RebuildPhase = (typeof rebuildPhases)[number];

export type RebuildRequest = {
  projection: string;
  /** Compare without flipping; the new generation is dropped. */
  dryRun?: boolean;
  /** Flip also where the rows of a new version differ from the live ones. */
  acceptDiff?: boolean;
  /** Who asked for it, for the record. */
  requestedBy: string;
};

/** A rebuild as it stands. Counts are of what is committed. */
export type Rebuild = {
  id: string;
  projection: string;
  /** The generation that is made, and the version of its rows. */
  generation: number;
  version: number;
  /** What was live when it began; null for a new projection. */
  liveGeneration: number | null;
  status: RebuildStatus;
  phase: RebuildPhase;
  dryRun: boolean;
  acceptDiff: boolean;
  requestedBy: string;
  streamsTotal: number;
  streamsDone: number;
  /** Events that the copied streams hold, deltas counted, which are not read. */
  events: number;
  rows: number;
  /** Streams compared so far. */
  compared: number;
  /** Streams whose rows differ from the live ones (same version: must be 0) or from the fold; null: not compared yet. */
  differing: number | null;
  error: string | null;
  /** Events copied a second, over the time of copying. */
  rate: number;
  /** Until the phase that runs ends, as it goes now; null: not known. */
  etaSeconds: number | null;
  startedAt: string;
  endedAt: string | null;
};

/** A stream that the comparison found to differ: the first rows that do, as stored and as expected. */
export type RebuildDifference = { streamId: string; against: 'live' | 'fold'; difference: unknown };
