import type { LoggedEvent } from '#model';
import { MAX_EVENT_DEPTH, sizeOfEvents } from './fold-size.js';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const event = (data: unknown): LoggedEvent => {
  return { seq: 1, type: 'Noted', at: '', schemaVersion: 1, data, metadata: {} };
};

const firstTooDeep = (events: LoggedEvent[]): number => sizeOfEvents(events).tooDeep;

describe('sizeOfEvents', () => {
  it('finds the first event beyond the limit, and none at it', () => {
    const deepest = event({ a: nested(MAX_EVENT_DEPTH - 1) });
    const tooDeep = event({ a: nested(MAX_EVENT_DEPTH) });
    expect(firstTooDeep([event('x'), deepest, event(null)])).toBe(-1);
    expect(firstTooDeep([deepest, tooDeep, tooDeep])).toBe(1);
  });

  it('bears any depth and any width', () => {
    expect(firstTooDeep([event(nested(200_000))])).toBe(0);
    expect(firstTooDeep([event(Array.from({ length: 200_000 }, () => ({ a: 1 })))])).toBe(-1);
  });

  it('counts the characters of all strings', () => {
    const events = [event({ a: 'four', b: [{ c: 'six !!' }, 12, null] }), event('😀')];
    expect(sizeOfEvents(events)).toEqual({ tooDeep: -1, characters: 4 + 6 + 2 });
  });
});
