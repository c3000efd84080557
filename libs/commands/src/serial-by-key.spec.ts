import { setTimeout as sleep } from 'node:timers/promises';
import { SerialByKey } from './serial-by-key.js';

test('one at a time on a key, in order, side by side on others', async () => {
  const serial = new SerialByKey();
  const seen: string[] = [];
  let running = 0;
  const work = (name: string, ms: number) => async () => {
    running += 1;
    if (name.startsWith('a')) expect(seen.filter((s) => s.startsWith('a')).length % 2).toBe(0);
    seen.push(name);
    await sleep(ms);
    seen.push(name);
    return running;
  };
  await Promise.all([
    serial.run('a', work('a1', 20)),
    serial.run('a', work('a2', 1)),
    serial.run('b', work('b1', 5)),
    serial.run('a', work('a3', 1)),
  ]);
  expect(seen.filter((s) => s.startsWith('a'))).toEqual(['a1', 'a1', 'a2', 'a2', 'a3', 'a3']);
  expect(seen.indexOf('b1')).toBeLessThan(seen.indexOf('a2'));
  expect(serial.size).toBe(0);
});

test('a failure is its own, and the next one runs', async () => {
  const serial = new SerialByKey();
  const failed = serial.run('a', () => Promise.reject(new Error('no')));
  const next = serial.run('a', () => Promise.resolve('yes'));
  await expect(failed).rejects.toThrow('no');
  await expect(next).resolves.toBe('yes');
  expect(serial.size).toBe(0);
});
