import type { RawEvent } from '../claude/claude-client.js';
import { DeltaBuffer, type DeltaBufferOptions } from './delta-buffer.js';

const event = (index: number, text = ''): RawEvent => ({ type: 'x', index, text });
const indexes = (units: RawEvent[][]): number[][] =>
  units.map((unit) => unit.map(({ index }) => index as number));
const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A log that commits when it is told to. */
function slowLog(): { units: RawEvent[][]; commit: () => Promise<void>; write: DeltaBufferOptions['write'] } {
  const units: RawEvent[][] = [];
  let release: (() => void) | undefined;
  return {
    units,
    write: (events) => {
      units.push(events);
      return new Promise((resolve) => (release = resolve));
    },
    commit: async () => {
      release?.();
      await tick();
    },
  };
}

const bufferOn = (
  write: DeltaBufferOptions['write'],
  options: Partial<DeltaBufferOptions> = {},
): DeltaBuffer => new DeltaBuffer({ write, onFailure: () => undefined, gapMs: 0, ...options });

it('writes what came while the unit before was committed, as one unit, in order', async () => {
  const log = slowLog();
  const buffer = bufferOn(log.write);
  await buffer.push(event(0));
  await tick();
  for (const index of [1, 2, 3]) await buffer.push(event(index));
  expect(indexes(log.units)).toEqual([[0]]);
  await log.commit();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(indexes(log.units)).toEqual([[0], [1, 2, 3]]);
  const flushed = buffer.flush();
  await log.commit();
  await flushed;
});

it('puts no more into a unit than its limit, but always one event', async () => {
  const units: RawEvent[][] = [];
  const buffer = bufferOn(
    (events) => {
      units.push(events);
      return tick();
    },
    { unitBytes: 100 },
  );
  await buffer.push(event(0, 'x'.repeat(500)));
  for (let index = 1; index < 8; index++) void buffer.push(event(index, 'x'.repeat(30)));
  await buffer.flush();
  expect(indexes(units).flat()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(Math.max(...units.map((unit) => unit.length))).toBe(2);
});

it('takes no more when full, until something is committed', async () => {
  const log = slowLog();
  const buffer = bufferOn(log.write, { maxBytes: 100 });
  let pushed = false;
  void buffer.push(event(0, 'x'.repeat(200))).then(() => (pushed = true));
  await tick();
  expect(pushed).toBe(false);
  await log.commit();
  expect(pushed).toBe(true);
});

it('fails for good with the first failed write, and says so to whoever feeds it', async () => {
  const failures: unknown[] = [];
  const broken = new Error('away');
  const buffer = bufferOn(() => Promise.reject(broken), {
    onFailure: (error) => failures.push(error),
    maxBytes: 10,
  });
  await expect(buffer.push(event(0, 'too long to wait no longer'))).rejects.toBe(broken);
  await expect(buffer.push(event(1))).rejects.toBe(broken);
  await expect(buffer.flush()).rejects.toBe(broken);
  expect(failures).toEqual([broken]);
});
