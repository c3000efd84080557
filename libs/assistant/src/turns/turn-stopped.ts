import type { FenceReason } from './fence.js';

/** Why a turn stops before its end without a failure of the model, a tool or the log. */
export type StopReason =
  | FenceReason
  /** The lease ran out: others may have ended the turn. */
  | 'lease_lost'
  /** Another runner started the turn, and its lease ran out: it is never continued. */
  | 'lease_expired'
  /** This process stops. */
  | 'shutdown';

/** Thrown through a running turn to stop it. */
export class TurnStopped extends Error {
  constructor(readonly reason: StopReason) {
    super(`the turn stops: ${reason}`);
    this.name = 'TurnStopped';
  }
}
