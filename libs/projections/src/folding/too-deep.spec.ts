import type { LoggedEvent } from '#model';
import { firstTooDeep, MAX_EVENT_DEPTH } from './too-deep.js';

const nested = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels));
const event = (data: unknown): LoggedEvent => {
  return { seq: 1, type: 'Noted', at: '', schemaVersion: 1, data, metadata: {} };
};

describe('firstTooDeep', () => {
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
});
