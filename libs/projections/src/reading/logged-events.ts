import type { EventLog, RecordedEvent } from '#event-log';
import type { LoggedEvent } from '#model';
import type { Queryable } from '#platform';

const PAGE = 1_000;

/** The event as the model reads it. */
export function toLogged(event: RecordedEvent): LoggedEvent {
  const { seq, type, at, schemaVersion, data } = event;
  return { seq, type, at, schemaVersion, data, metadata: event.metadata };
}

/** All events of the range, oldest first, however many there are. */
export async function readAll(
  log: EventLog,
  streamId: string,
  range: { after: number; upTo?: number; types?: string[]; withoutDeltas?: boolean },
  q: Queryable,
): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  let { after } = range;
  for (;;) {
    if (range.upTo !== undefined && after >= range.upTo) return events;
    const page = await log.read(streamId, { ...range, after, limit: PAGE }, q);
    events.push(...page.map(toLogged));
    if (page.length < PAGE) return events;
    after = page.at(-1)?.seq ?? after;
  }
}
