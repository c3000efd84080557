import { SkippableWait } from './skippable-wait.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

async function note(waited: Promise<void>, done: () => void): Promise<void> {
  await waited;
  done();
}

it('waits for its time', async () => {
  const wait = new SkippableWait();
  const done = jest.fn();
  const waited = note(wait.wait(1_000), done);
  await jest.advanceTimersByTimeAsync(999);
  expect(done).not.toHaveBeenCalled();
  await jest.advanceTimersByTimeAsync(1);
  await waited;
  expect(done).toHaveBeenCalledTimes(1);
});

it('is ended by a skip, however many wait, and leaves no timer', async () => {
  const wait = new SkippableWait();
  const waited = Promise.all([wait.wait(1_000), wait.wait(60_000)]);
  wait.skip();
  await waited;
  expect(jest.getTimerCount()).toBe(0);
});

it('is not ended by a skip that came before it', async () => {
  const wait = new SkippableWait();
  wait.skip();
  const done = jest.fn();
  void note(wait.wait(10), done);
  await jest.advanceTimersByTimeAsync(9);
  expect(done).not.toHaveBeenCalled();
});
