import { Heartbeat } from './heartbeat.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A heartbeat every 5 s for a lease of 15 s, whose renewals answer what `answers` says, the last one for ever. */
function beating(...answers: (boolean | 'error')[]): {
  heartbeat: Heartbeat;
  beats: () => number;
  lost: () => number;
} {
  let [beats, lost] = [0, 0];
  const heartbeat = new Heartbeat({
    renew: () => {
      const answer = answers[Math.min(beats++, answers.length - 1)]!;
      return answer === 'error' ? Promise.reject(new Error('away')) : Promise.resolve(answer);
    },
    everyMs: 5_000,
    leaseMs: 15_000,
    onLost: () => (lost += 1),
  });
  heartbeat.start();
  return { heartbeat, beats: () => beats, lost: () => lost };
}

it('renews as long as it is not stopped', async () => {
  const { heartbeat, beats, lost } = beating(true);
  await jest.advanceTimersByTimeAsync(60_000);
  expect([beats(), lost()]).toEqual([12, 0]);
  heartbeat.stop();
  await jest.advanceTimersByTimeAsync(60_000);
  expect([beats(), lost()]).toEqual([12, 0]);
});

it('is lost at once when the log says so, once', async () => {
  const { beats, lost } = beating(true, false);
  await jest.advanceTimersByTimeAsync(60_000);
  expect([beats(), lost()]).toEqual([2, 1]);
});

it('outlives a log that is away for less than the lease', async () => {
  const { lost } = beating(true, 'error', 'error', true);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(lost()).toBe(0);
});

it('is lost when no renewal succeeds for the length of the lease', async () => {
  const { lost } = beating(true, 'error');
  await jest.advanceTimersByTimeAsync(20_000);
  expect(lost()).toBe(0);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(lost()).toBe(1);
});
