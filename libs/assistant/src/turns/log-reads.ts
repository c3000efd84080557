import { LogUnavailable, type EventLog } from '#event-log';

/** The reads that a running turn makes. */
export type LogReads = Pick<EventLog, 'read'>;

/** Reads of the log that fail with `LogUnavailable` alone: a plain read that fails can only be tried again. */
export function logReads(log: EventLog): LogReads {
  return {
    read: (...args) =>
      log.read(...args).catch((error: unknown) => {
        throw new LogUnavailable(
          `the log could not be read: ${error instanceof Error ? error.message : String(error)}`,
        );
      }),
  };
}
