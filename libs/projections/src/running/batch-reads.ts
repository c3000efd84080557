import type { EventLog } from '#event-log';
import type { LoggedEvent } from '#model';
import { toLogged } from '../reading/logged-events.js';
import type { ProjectionSession } from './projection-session.js';

export type BatchRange = { after: number; upTo: number; limit: number };

/**
 * Reads of the events that are no deltas, for the projections of one job: they stand at the same place mostly, and the last batch
 * is kept for the next one that asks for it. What the log holds up to a seq never changes.
 */
export class BatchReads {
  private last: { key: string; events: LoggedEvent[] } | null = null;

  constructor(
    private readonly log: EventLog,
    private readonly session: ProjectionSession,
  ) {}

  async read(streamId: string, range: BatchRange): Promise<LoggedEvent[]> {
    const key = `${streamId} ${range.after} ${range.upTo} ${range.limit}`;
    if (this.last?.key !== key) {
      const events = await this.log.read(streamId, { ...range, withoutDeltas: true }, this.session);
      this.last = { key, events: events.map(toLogged) };
    }
    return this.last.events;
  }
}
