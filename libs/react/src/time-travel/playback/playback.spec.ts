import { createPrng } from '../../../../../test/support/prng.js';
import { advance, LONGEST_PAUSE_MS, type PlayHead } from './playback.js';

const prng = createPrng('playback.spec');
/** Recorded times of the events 1, 2, 3 …; a morning passes before the fourth. */
const times = [0, 40, 90, 40_000_000, 40_000_010, 40_000_010];
const recording = { last: times.length, timeOf: (seq: number) => times[seq - 1] };
const start: PlayHead = { seq: 1, playedMs: 0 };

it('follows the recorded times', () => {
  for (const [elapsed, seq] of [
    [0, 1],
    [39, 1],
    [40, 2],
    [89, 2],
    [90, 3],
  ] as const)
    expect([elapsed, advance(start, elapsed, recording).head.seq]).toEqual([elapsed, seq]);
});

it('plays a long pause as a short one', () => {
  expect(advance(start, 90 + LONGEST_PAUSE_MS - 1, recording).head.seq).toBe(3);
  expect(advance(start, 90 + LONGEST_PAUSE_MS, recording).head.seq).toBe(4);
});

it('passes events of one time together, and ends at the last', () => {
  const end = advance(start, 90 + LONGEST_PAUSE_MS + 10, recording);
  expect(end).toEqual({ head: { seq: 5, playedMs: 0 }, state: 'playing' });
  expect(advance(end.head, 1, recording)).toEqual({ head: { seq: 6, playedMs: 0 }, state: 'ended' });
  expect(advance({ seq: 6, playedMs: 0 }, 5, recording).state).toBe('ended');
});

it('waits where times are not loaded, and does not catch up', () => {
  const short = { last: 6, timeOf: (seq: number) => (seq <= 2 ? times[seq - 1] : undefined) };
  const waiting = advance(start, 10_000, short);
  expect(waiting).toEqual({ head: { seq: 2, playedMs: 0 }, state: 'waiting' });
  expect(advance(waiting.head, 49, recording).head.seq).toBe(2);
});

it('is at the same event however the time is cut', () => {
  for (let round = 0; round < 200; round += 1) {
    const total = prng.between(0, 1_200);
    let head = start;
    for (let left = total; left > 0;) {
      const piece = Math.min(left, prng.between(1, 60));
      ({ head } = advance(head, piece, recording));
      left -= piece;
    }
    const whole = advance(start, total, recording).head;
    expect([total, head.seq]).toEqual([total, whole.seq]);
  }
});
