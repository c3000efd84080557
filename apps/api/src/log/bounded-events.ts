import type { EventLog, ReadOptions, RecordedEvent } from '#event-log';

/** Bytes of events that a page may hold; one event is given however large it is. */
export const PAGE_BYTES = 8 * 1024 * 1024;
/** How many events are read first: one may be forty bytes or a megabyte, and all that are read are held at once. */
const FIRST_EVENTS = 32;
/** How much faster than before the next ones are read, at most. */
const GROWTH = 8;

/** An event as it goes out. */
export type EventLine = { seq: number; json: string };
/** In the order of the read; `more`: there are others behind the last one. */
export type EventLines = { lines: EventLine[]; more: boolean };

/** At most `limit` events and about `maxBytes` of them, one at least where there is one. */
export async function readBounded(
  log: Pick<EventLog, 'read'>,
  streamId: string,
  { limit, ...range }: ReadOptions & { limit: number },
  maxBytes = PAGE_BYTES,
): Promise<EventLines> {
  const lines: EventLine[] = [];
  let bytes = 0;
  let [rows, rest] = [FIRST_EVENTS, range];
  for (;;) {
    // one more than asked for tells whether there are others
    const wanted = Math.min(rows, limit + 1 - lines.length);
    const events = await log.read(streamId, { ...rest, limit: wanted });
    for (const event of events) {
      const line = lineOf(event);
      const isFull = lines.length > 0 && bytes + line.json.length > maxBytes;
      if (lines.length === limit || isFull) return { lines, more: true };
      lines.push(line);
      bytes += line.json.length;
    }
    const last = lines.at(-1);
    if (!last || events.length < wanted) return { lines, more: false };
    rest = range.direction === 'backward' ? { ...rest, before: last.seq } : { ...rest, after: last.seq };
    const average = Math.max(1, Math.ceil(bytes / lines.length));
    rows = Math.max(1, Math.min(rows * GROWTH, Math.floor((maxBytes - bytes) / average) + 1));
  }
}

function lineOf({ seq, type, at, data, metadata }: RecordedEvent): EventLine {
  return { seq, json: JSON.stringify({ seq, type, at, data, metadata }) };
}
