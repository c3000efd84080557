/**
 * A whole turn: model server → SDK → log → SSE reader, each a process of its own, in external mode (an API process, a worker for turns and
 * one for the rest, on PostgreSQL and Redis), with 20 to 140 turns at once of 60 deltas a second each. Turns last 10 s; where one ends
 * the next begins, in a new conversation, so all that a turn does beside its deltas is in it. Per number of turns, over a window:
 *   delivered/s    deltas that readers got. The knee is the highest number of turns with 95 % of what was offered and both limits met
 *   committed      from the delta's writing by the model server, whose time is in its text, to when the append that holds it was
 *                  acknowledged to the turn: measured in the worker, around `EventLog.append` (service-probe.ts), not derived
 *   delivered      from the same moment to the reader's getting it, by the readers' clock; each reader checks that no seq is missing
 *   lag            p99 of samples of the time that the longest waiting event had not been projected: never less than the lag
 * All processes take microseconds of this machine's clock; what the model server waits for its own socket counts too. Not measured:
 * networks, TLS, more readers than turns (`npm run bench:readers`).
 * Then embedded mode (the combined process, on an embedded server that is started here): 20 turns, 100 turns, and its memory under
 * 100 turns for BENCH_MEMORY_MINUTES. Flat: the least heap after a collection in the last third of the samples is at most 10 % above
 * that of the first third; the resident size is told too, and has the limit.
 * Sizes: BENCH_TURNS=20,40,… BENCH_SECONDS, BENCH_EMBEDDED_TURNS, BENCH_MEMORY_MINUTES (0 leaves it out). BENCH_PROFILE=<folder>
 * keeps CPU profiles of the service.
 * Servers: BENCH_DATABASE_URL (a database of its own is made there and dropped) and BENCH_REDIS_URL (one that nobody else uses), else
 * servers of its own.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { withCleanup } from './cleanup.js';
import { rssMiB } from './process-usage.js';
import { goal, publish, rounded, type Goal } from './results.js';
import { measureWindow, setStage, type Stage, type WindowFigures } from './turn-load.js';
import type { Mode } from './bench-service.js';

const PER_SECOND = 60;
const TURN_SECONDS = 10;
/** Before each window; before the first of a service it is longer: its code has been compiled by then, as in one that serves. */
const WARM_UP_MS = 5_000;
const FIRST_WARM_UP_MS = 25_000;
const numbers = (text: string) => text.split(',').map(Number);
const sweep = numbers(process.env.BENCH_TURNS ?? '20,40,60,80,100,120,140');
const embedded = numbers(process.env.BENCH_EMBEDDED_TURNS ?? '20,100');
const seconds = Number(process.env.BENCH_SECONDS ?? 15);
const memoryMinutes = Number(process.env.BENCH_MEMORY_MINUTES ?? 10);
const profiles = process.env.BENCH_PROFILE;

const LIMITS = { committedMs: 50, deliveredMs: 100, share: 0.95 };

type MemorySample = { minute: number; heapMiB: number; rssMiB: number };

async function runWindows(mode: Mode, sizes: number[], after?: (stage: Stage) => Promise<void>) {
  const windows: WindowFigures[] = [];
  await withCleanup(async (defer) => {
    const stage = await setStage(mode, defer);
    const { clients, service } = stage;
    for (const turns of sizes) {
      await clients.start({ url: service.url, turns, perSecond: PER_SECOND, turnSeconds: TURN_SECONDS });
      await pause(windows.length === 0 ? FIRST_WARM_UP_MS : WARM_UP_MS);
      if (profiles) await Promise.all(service.processes.map((one) => one.profile(null)));
      windows.push(await measureWindow(stage, { turns, perSecond: PER_SECOND, seconds }));
      if (profiles)
        for (const one of service.processes)
          await one.profile(join(profiles, `${mode}-${turns}-${one.name}.cpuprofile`));
      process.stderr.write(`${mode}, ${turns} turns: ${Math.round(windows.at(-1)!.delivered)} deltas/s\n`);
      await clients.stop();
    }
    await after?.(stage);
    await service.stop();
  });
  return windows;
}

/** Every ten seconds, after a collection, while 100 turns run. */
async function watchMemory({ clients, service }: Stage): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  if (memoryMinutes === 0) return samples;
  await clients.start({
    url: service.url,
    turns: 100,
    perSecond: PER_SECOND,
    turnSeconds: TURN_SECONDS,
  });
  const began = Date.now();
  const minute = () => (Date.now() - began) / 60_000;
  await pause(WARM_UP_MS);
  while (minute() < memoryMinutes) {
    await pause(10_000);
    const rssBefore = rssMiB(service.worker.pid) ?? Number.NaN;
    const { heapUsed } = await service.worker.memory();
    samples.push({ minute: minute(), heapMiB: heapUsed / 2 ** 20, rssMiB: rssBefore });
  }
  await clients.stop();
  return samples;
}

const isGood = ({ delivered, offered, committed, read }: WindowFigures) =>
  delivered >= LIMITS.share * offered &&
  committed.p99Ms <= LIMITS.committedMs &&
  read.p99Ms <= LIMITS.deliveredMs;

const share = (value: number) => `${Math.round(value * 100)} %`;

function tableOf(windows: WindowFigures[]): void {
  console.table(
    windows.map(({ turns, offered, delivered, committed, read, lagP99Ms, cpu, rss, load }) => ({
      turns,
      'deltas/s': Math.round(delivered),
      'of offered': share(delivered / offered),
      'committed p50 ms': rounded(committed.p50Ms),
      'committed p99 ms': rounded(committed.p99Ms),
      'delivered p50 ms': rounded(read.p50Ms),
      'delivered p99 ms': rounded(read.p99Ms),
      'lag p99 ms': rounded(lagP99Ms),
      ...Object.fromEntries(Object.entries(cpu).map(([name, used]) => [`CPU ${name}`, share(used)])),
      ...Object.fromEntries(Object.entries(rss).map(([name, mib]) => [`MiB ${name}`, Math.round(mib)])),
      load: rounded(load),
    })),
  );
}

function goalsOf(external: WindowFigures[], combined: WindowFigures[], memory: MemorySample[]): Goal[] {
  const goals: Goal[] = [];
  const knee = external.filter(isGood).at(-1);
  const best = knee?.offered ?? 0;
  goals.push(
    goal('deltas/s offered at the knee, goal', best, { min: 6_000 }),
    goal('deltas/s offered at the knee, floor', best, { min: 4_000 }),
  );
  if (knee) {
    goals.push(
      goal(`committed p99 at the knee (${knee.turns} turns)`, knee.committed.p99Ms, { max: 50 }, ' ms'),
      goal(`delivered p99 at the knee (${knee.turns} turns)`, knee.read.p99Ms, { max: 100 }, ' ms'),
    );
  }
  for (const window of [...external, ...combined]) {
    const { mode, turns, committed, lagP99Ms } = window;
    if (turns === 20)
      goals.push(goal(`committed p99, 20 turns, ${mode}`, committed.p99Ms, { max: 25 }, ' ms'));
    if (turns !== 100) continue;
    const max = mode === 'external' ? 600 : 1_500;
    goals.push(goal(`projection lag p99, 100 turns, ${mode}`, lagP99Ms, { max }, ' ms'));
  }
  if (memory.length >= 3) {
    const third = Math.floor(memory.length / 3);
    const least = (samples: MemorySample[]) => Math.min(...samples.map(({ heapMiB }) => heapMiB));
    const growth = least(memory.slice(-third)) / least(memory.slice(0, third));
    const most = Math.max(...memory.map(({ rssMiB }) => rssMiB));
    goals.push(
      goal('combined process, most resident, 100 turns', most, { max: 400 }, ' MiB'),
      goal(`heap, last third beside first, ${memoryMinutes} min`, growth, { max: 1.1 }, ' times'),
    );
  }
  return goals;
}

let memory: MemorySample[] = [];
const external = await runWindows('external', sweep);
tableOf(external);
const combined = await runWindows('embedded', embedded, async (stage) => {
  memory = await watchMemory(stage);
});
tableOf(combined);
if (memory.length > 0)
  console.table(
    memory
      .filter((_, n) => n % 6 === 5 || n === memory.length - 1)
      .map(({ minute, heapMiB, rssMiB }) => ({
        minute: rounded(minute),
        'heap MiB': Math.round(heapMiB),
        'resident MiB': Math.round(rssMiB),
      })),
  );
await publish('turns', { external, combined, memory }, goalsOf(external, combined, memory));
