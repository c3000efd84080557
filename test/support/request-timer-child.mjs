import { setTimeout as pause } from 'node:timers/promises';

/**
 * A process of its own that times requests, so that what else a test does is not in the times: asks for newest pages of the
 * conversations that it is told of, one after another, and gives the times in ms since it was last asked.
 */
const PAUSE_MS = 10;
let [url, ids, times] = ['', [], []];

process.on('message', (message) => {
  if (message === 'take') {
    process.send(times);
    times = [];
  } else ({ url, ids } = message);
});

for (;;) {
  await pause(PAUSE_MS);
  const id = ids[Math.floor(Math.random() * ids.length)];
  if (id === undefined) continue;
  const began = performance.now();
  try {
    const answer = await fetch(`${url}/api/conversations/${id}/messages?limit=50`, {
      signal: AbortSignal.timeout(10_000),
    });
    await answer.arrayBuffer();
  } catch {
    // refused or cut off: as long as it took, it counts
  }
  times.push(performance.now() - began);
}
