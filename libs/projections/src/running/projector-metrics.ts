import { metrics } from '#platform';
import type { Step } from './stream-projector.js';

/** Counts a step of a projector, unless there was nothing to do. */
export function countStep(projection: string, step: Step): void {
  const outcome = step === 'reached' ? 'moved' : step;
  if (outcome !== 'current') metrics.batches.inc({ projection, outcome });
}

/** Counts the events that a projector went over, deltas among them. */
export function countEvents(projection: string, { begunAt, seq }: { begunAt: number; seq: number }): void {
  if (seq > begunAt) metrics.projectedEvents.inc({ projection }, seq - begunAt);
}
