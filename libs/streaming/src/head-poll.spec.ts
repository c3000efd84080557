import { setTimeout as sleep } from 'node:timers/promises';
import { HeadPoll } from './head-poll.js';

function build(watched: string[], heads: (ids: string[]) => Promise<ReadonlyMap<string, number>>) {
  const found: [string, number][] = [];
  const poll = new HeadPoll(
    5,
    () => watched,
    heads,
    (id, seq) => found.push([id, seq]),
  );
  return { poll, found };
}

test('polls as long as something is watched, all of it in one query', async () => {
  const watched = ['a', 'b'];
  const asked: string[][] = [];
  const { poll, found } = build(watched, async (ids) => {
    asked.push([...ids]);
    return new Map(ids.map((id) => [id, asked.length]));
  });
  poll.start();
  poll.start();
  while (asked.length < 2) await sleep(5);
  watched.length = 0;
  await sleep(20);
  const count = asked.length;
  await sleep(30);
  expect(asked.length).toBe(count);
  expect(asked[0]).toEqual(['a', 'b']);
  expect(found.slice(0, 2)).toEqual([
    ['a', 1],
    ['b', 1],
  ]);
  watched.push('c');
  poll.start();
  while (asked.at(-1)![0] !== 'c') await sleep(5);
  poll.close();
});

test('a failing poll is tried again; polls never overlap, and one that is asked for meanwhile follows', async () => {
  let running = 0;
  let calls = 0;
  const { poll, found } = build(['a'], async () => {
    expect(++running).toBe(1);
    calls += 1;
    await sleep(5);
    running -= 1;
    if (calls < 3) throw new Error('away');
    return new Map([['a', calls]]);
  });
  await Promise.all([poll.now(), poll.now(), poll.now()]);
  while (found.length === 0) await sleep(5);
  poll.close();
  expect(found[0]).toEqual(['a', 3]);
});
