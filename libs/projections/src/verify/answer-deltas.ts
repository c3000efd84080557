import { deltaEventType, terminalEventTypes, type LoggedEvent } from '#model';
import type { EventLog } from '#event-log';
import type { Queryable } from '#platform';
import { readAll } from '../reading/logged-events.js';

const PAGE = 1_000;
const ends = new Set<string>([...terminalEventTypes, 'AssistantMessageStarted']);

/** The events of a stream up to a seq, its ancestors' too, without deltas; a page is held at a time. */
export async function* pagedEvents(
  log: EventLog,
  streamId: string,
  upTo: number,
  q: Queryable,
): AsyncGenerator<LoggedEvent> {
  for (let after = 0; after < upTo;) {
    const page = await log.read(streamId, { after, upTo, withoutDeltas: true, limit: PAGE }, q);
    yield* page;
    if (page.length < PAGE) return;
    after = page.at(-1)?.seq ?? upTo;
  }
}

/**
 * The same events, with the deltas of those answers that were cut off in their places: without them the model cannot tell how
 * they ended. An answer that was completed needs none, and what one in flight has come to is not asked here.
 */
export async function* withNeededDeltas(
  events: AsyncIterable<LoggedEvent> | Iterable<LoggedEvent>,
  deltasOf: (range: { after: number; upTo: number }) => Promise<LoggedEvent[]>,
): AsyncGenerator<LoggedEvent> {
  // since the answer began whose end has not come yet
  let held: LoggedEvent[] = [];
  for await (const event of events) {
    const [begin] = held;
    if (begin && isCompletionOf(begin, event)) yield* emptied();
    else if (begin && ends.has(event.type)) {
      const deltas = await deltasOf({ after: begin.seq, upTo: event.seq });
      yield* [...emptied(), ...deltas].toSorted((a, b) => a.seq - b.seq);
    }
    if (held.length > 0 || event.type === 'AssistantMessageStarted') held.push(event);
    else yield event;
  }
  yield* held;

  function emptied(): LoggedEvent[] {
    const all = held;
    held = [];
    return all;
  }
}

/** The deltas of a range of a stream. */
export function deltasFrom(log: EventLog, streamId: string, q: Queryable) {
  return (range: { after: number; upTo: number }): Promise<LoggedEvent[]> =>
    readAll(log, streamId, { ...range, types: [deltaEventType] }, q);
}

function isCompletionOf(begin: LoggedEvent, event: LoggedEvent): boolean {
  return event.type === 'AssistantMessageCompleted' && messageIdOf(event) === messageIdOf(begin);
}

function messageIdOf({ data }: LoggedEvent): unknown {
  return (data as { messageId?: unknown } | null)?.messageId;
}
