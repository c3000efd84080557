import { pointOf, rateBetween, ratesOf } from './history.js';
import { parseMetrics } from './metrics-text.js';

const report = (projection: string, lagEvents: number) => ({
  projection,
  kind: 'conversation' as const,
  generations: [],
  lagEvents,
  atLeast: false,
  lagSeconds: 0,
  parked: 0,
  rebuildId: null,
});
const point = (at: number, written: number, projected: number) =>
  pointOf(
    at,
    [report('messages', 3)],
    parseMetrics(
      `chatlog_events_total{type="a"} ${written}\nchatlog_projected_events_total{projection="messages"} ${projected}`,
    ),
  );

it('keeps the lag and the counters of a moment', () => {
  expect(point(10, 5, 4)).toEqual({ at: 10, lag: { messages: 3 }, written: 5, projected: { messages: 4 } });
});

it('makes rates of two moments, and none of one', () => {
  expect(ratesOf([point(10, 5, 4)])).toEqual({ written: null, projected: {} });
  expect(ratesOf([point(10, 5, 4), point(12, 25, 5)])).toEqual({ written: 10, projected: { messages: 0.5 } });
});

it('makes no rate across a restart, whose counters begin anew', () => {
  expect(rateBetween(100, 3, 2)).toBeNull();
  expect(rateBetween(3, 3, 0)).toBeNull();
});
