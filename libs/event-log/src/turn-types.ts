/** Who wants to run a turn, and for how long, in milliseconds by the database's clock. */
export type TurnLease = {
  streamId: string;
  turnId: string;
  /** Names one run of the turn, not a process: a job that is delivered twice is two owners. */
  owner: string;
  leaseMs: number;
};

/** A turn without a terminal event. Times and ages are by the database's clock. */
export type OpenTurn = {
  streamId: string;
  turnId: string;
  owner: string | null;
  /** How often a lease on it was given. */
  attempts: number;
  requestedAt: string;
  requestedAgeMs: number;
  leaseRuns: boolean;
  /** When its TurnStarted was committed, or null. */
  startedAt: string | null;
};
