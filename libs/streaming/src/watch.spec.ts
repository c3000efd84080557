import { setTimeout as sleep } from 'node:timers/promises';
import { Watch } from './watch.js';

test('only the highest signal is remembered, whatever their order', async () => {
  const watch = new Watch();
  for (const seq of [3, 9, 4, 9, 1]) watch.signal(seq);
  expect(watch.signalled).toBe(9);
  await watch.beyond(8, 60_000);
});

test('a wait ends by a signal beyond the cursor, by a wake, or by its time', async () => {
  const watch = new Watch();
  watch.signal(5);
  const woken: string[] = [];
  const wait = watch.beyond(5, 60_000).then(() => woken.push('signal'));
  watch.signal(5);
  await sleep(10);
  expect(woken).toEqual([]);
  watch.signal(6);
  await wait;
  const next = watch.beyond(6, 60_000);
  watch.wake();
  await next;
  await watch.beyond(6, 1);
  await watch.beyond(6, -1);
});
