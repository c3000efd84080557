/**
 * What open readers cost one process: 1,000 SSE readers of the combined process, ten of each of 100 conversations, each of which gets
 * a delta a second. The time from a delta's writing by the model server to each reader's getting it, and the resident memory a reader:
 * that of the process with them, less that with its turns alone, each after a collection, when it has settled. The readers are
 * in a process of their own; both need some 1,100 file descriptors. BENCH_READERS, BENCH_CONVERSATIONS and BENCH_SECONDS change the
 * sizes; BENCH_PROFILE=<folder> keeps a CPU profile of the service.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceProcess } from './bench-service.js';
import { withCleanup } from './cleanup.js';
import { rssMiB } from './process-usage.js';
import { goal, publish, rounded } from './results.js';
import { measureWindow, setStage } from './turn-load.js';

const readers = Number(process.env.BENCH_READERS ?? 1_000);
const turns = Number(process.env.BENCH_CONVERSATIONS ?? 100);
const seconds = Number(process.env.BENCH_SECONDS ?? 30);
const profiles = process.env.BENCH_PROFILE;
const SETTLE_MS = 5_000;

/** In KiB, the least of some looks, each after a collection: what a collection frees goes back to the system by and by. */
async function settledKiB(service: ServiceProcess): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < 5; look += 1) {
    await pause(SETTLE_MS / 5);
    await service.memory();
    least = Math.min(least, (rssMiB(service.pid) ?? Number.NaN) * 1_024);
  }
  return least;
}

await withCleanup(async (defer) => {
  const stage = await setStage('embedded', defer);
  const { clients, service } = stage;
  // the turns outlast everything: all that happens is deltas
  await clients.start({ url: service.url, turns, perSecond: 1, turnSeconds: 100_000 });
  await pause(SETTLE_MS);
  const before = await settledKiB(service.worker);
  await clients.follow(Math.round(readers / turns) - 1);
  const with1000 = await settledKiB(service.worker);
  if (profiles) await service.worker.profile(null);
  const window = await measureWindow(stage, { turns, perSecond: 1, seconds });
  if (profiles) await service.worker.profile(join(profiles, 'readers.cpuprofile'));
  const after = await settledKiB(service.worker);
  const { read, cpu, load } = window;
  const added = read.open - turns;
  const kib = (Math.max(with1000, after) - before) / added;
  const wanted = readers * seconds;
  console.table([
    {
      readers: read.open,
      conversations: turns,
      'deliveries/s': Math.round(window.delivered),
      'of wanted': `${Math.round((read.count / wanted) * 100)} %`,
      'delivered p50 ms': rounded(read.p50Ms),
      'delivered p99 ms': rounded(read.p99Ms),
      'max ms': rounded(read.maxMs),
      'MiB before': Math.round(before / 1_024),
      'MiB with them': Math.round(with1000 / 1_024),
      'MiB after a while': Math.round(after / 1_024),
      'KiB a reader': rounded(kib),
      ...Object.fromEntries(
        Object.entries(cpu).map(([name, used]) => [`CPU ${name}`, `${Math.round(used * 100)} %`]),
      ),
      load: rounded(load),
    },
  ]);
  await publish('readers', { ...window, added, before, with1000, after, kib }, [
    goal('open readers', read.open, { min: readers }),
    goal('written → delivered p99', read.p99Ms, { max: 250 }, ' ms'),
    goal('resident memory a reader', kib, { max: 60 }, ' KiB'),
  ]);
});
