/** Nest token of the `TurnSignals` that a runner listens to; without one it finds out at its next append or heartbeat. */
export const TURN_SIGNALS = Symbol('TURN_SIGNALS');

/** Tells that a stream has grown, whoever wrote. Hints: they may be late, doubled or missing. */
export interface TurnSignals {
  /** Calls back with the highest committed seq known; the result ends it. */
  watch(streamId: string, onGrown: (seq: number) => void): () => void;
}
