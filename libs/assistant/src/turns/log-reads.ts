import { LogUnavailable, type EventLog } from '#event-log';

/** The reads that a running turn makes. */
export type LogReads = Pick<EventLog, 'read'>;

/** Reads of the log that fail with `LogUnavailable` alone: a plain read that fails can only be tried again. */
export function logReads(log: EventLog): LogReads {
  return {
    read: (...args) =>
      log.read(...args).catch((error: unknown) => {
        throw unavailable('the log could not be read', error);
      }),
  };
}

/** As an outage, whatever it was: what only reads, or stores under a hash, can be tried again. */
export function unavailable(what: string, error: unknown): LogUnavailable {
  return new LogUnavailable(`${what}: ${error instanceof Error ? error.message : String(error)}`);
}
