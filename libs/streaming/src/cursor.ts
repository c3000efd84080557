import { CursorInvalid } from './errors.js';

/** A header or query parameter as HTTP frameworks give it: absent, once, or several times. */
export type RawValue = string | string[] | undefined;

/**
 * The position that a client resumes after; 0 where it names none. `Last-Event-ID` wins over `after`: a browser
 * repeats the address that it was opened with, so its header is the newer of the two.
 * An empty `Last-Event-ID` means none, as the EventSource standard has it.
 * @throws CursorInvalid naming the field
 */
export function resumeCursor(raw: { lastEventId?: RawValue; after?: RawValue }): number {
  const after = raw.after === undefined ? 0 : position(raw.after, 'after');
  if (raw.lastEventId === undefined || raw.lastEventId === '') return after;
  return position(raw.lastEventId, 'Last-Event-ID');
}

function position(raw: string | string[], field: 'after' | 'Last-Event-ID'): number {
  if (typeof raw !== 'string' || !/^\d{1,16}$/.test(raw)) throw new CursorInvalid(field);
  const value = Number(raw);
  if (!Number.isSafeInteger(value)) throw new CursorInvalid(field);
  return value;
}
