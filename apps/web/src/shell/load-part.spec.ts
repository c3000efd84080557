import { loadPart } from './load-part.js';

/** A part that cannot be loaded so many times. */
const failing = (times: number) => {
  let asked = 0;
  return jest.fn(() => {
    asked += 1;
    return asked <= times ? Promise.reject(new Error('away')) : Promise.resolve('part');
  });
};

describe('a part of the app', () => {
  let isOnline: boolean;
  let comeBack: () => void;
  const network = {
    isOnline: () => isOnline,
    onOnline: (listener: () => void) => {
      comeBack = listener;
      return () => undefined;
    },
  };
  beforeEach(() => {
    jest.useFakeTimers();
    isOnline = true;
  });
  afterEach(() => jest.useRealTimers());

  it('is asked for again while the server is away', async () => {
    const load = failing(4);
    const loaded = loadPart(load, network);
    await jest.advanceTimersByTimeAsync(10_000);
    await expect(loaded).resolves.toBe('part');
    expect(load).toHaveBeenCalledTimes(5);
  });

  it('has failed where it is not there for long', async () => {
    const load = failing(100);
    const loaded = loadPart(load, network).catch((error: Error) => error.message);
    await jest.advanceTimersByTimeAsync(60_000);
    await expect(loaded).resolves.toBe('away');
    expect(load).toHaveBeenCalledTimes(9);
  });

  it('is waited for as long as the browser is offline, and asked for at once when it is back', async () => {
    isOnline = false;
    const load = jest.fn(() => (isOnline ? Promise.resolve('part') : Promise.reject(new Error('offline'))));
    const loaded = loadPart(load, network);
    await jest.advanceTimersByTimeAsync(600_000);
    const asked = load.mock.calls.length;
    isOnline = true;
    comeBack();
    await expect(loaded).resolves.toBe('part');
    expect(load).toHaveBeenCalledTimes(asked + 1);
  });
});
