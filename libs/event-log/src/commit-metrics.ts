import { metrics } from '#platform';
import { AppendRefused, IdempotencyKeyReused, LogUnavailable, WrongExpectedVersion } from './errors.js';
import type { HeldUnit } from './held-unit.js';

/** Counts a unit that is durable now, and how long its writer waited. */
export function countCommitted({ heldAt, parts }: HeldUnit): void {
  metrics.commitSeconds.observe((performance.now() - heldAt) / 1_000);
  for (const { events } of parts) {
    const [first] = events;
    // deltas come many of a kind, and a look-up of the label for each is not free
    if (first && events.every(({ type }) => type === first.type)) {
      metrics.events.inc({ type: first.type }, events.length);
    } else for (const { type } of events) metrics.events.inc({ type });
  }
}

/** Counts a unit that was not committed. Losing a race is everyday life; a log that is away is not. */
export function countFailed(error: Error): void {
  metrics.appendFailures.inc({ reason: reasonOf(error) });
}

export function timeFlush(ms: number, units: number): void {
  metrics.flushSeconds.observe(ms / 1_000);
  metrics.flushUnits.observe(units);
}

function reasonOf(error: Error): string {
  if (error instanceof LogUnavailable) return error.code;
  if (error instanceof WrongExpectedVersion) return 'wrong_expected_version';
  if (error instanceof IdempotencyKeyReused) return 'idempotency_key_reused';
  return error instanceof AppendRefused ? 'refused' : 'other';
}
