import type { Conversation } from '#contracts';
import { groupByDay } from './group-by-day.js';

const now = new Date(2026, 10, 28, 18);
const started = (...date: [number, number, number, number?]) =>
  ({ createdAt: new Date(...date).toISOString() }) as Conversation;

it('names the last days as people do, and the others by their date', () => {
  const groups = groupByDay(
    [
      started(2026, 10, 28, 17),
      started(2026, 10, 28, 0),
      started(2026, 10, 27, 23),
      started(2026, 10, 24),
      started(2026, 10, 1),
      started(2025, 10, 1),
    ],
    now,
  );
  expect(groups.map(({ day, conversations }) => [day, conversations.length])).toEqual([
    ['Today', 2],
    ['Yesterday', 1],
    ['Tuesday', 1],
    [expect.stringMatching(/1 November|November 1/), 1],
    [expect.stringContaining('2025'), 1],
  ]);
});
