/**
 * How long `npm start` takes until /health/ready answers 200: the first time on a new data folder (which makes the database; the
 * program itself is installed and built), then again and again on the same one, each after a stop in order. Median and worst of
 * BENCH_STARTS (5) second starts. It runs in a data folder and on a port of its own, asks every 10 ms, and npm itself is in it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '#platform';
import { freePort } from '../support/free-port.js';
import { withCleanup, type Defer } from './cleanup.js';
import { goal, median, publish, rounded } from './results.js';

const starts = Number(process.env.BENCH_STARTS ?? 5);
const LIMIT_MS = 120_000;

type Started = { ms: number; stop(): Promise<void> };

async function start(dataDir: string, defer: Defer): Promise<Started> {
  const port = await freePort();
  const began = performance.now();
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(port),
    CHATLOG_DATA_DIR: dataDir,
  };
  // a group of its own: npm does not hand every signal on
  const child = spawn('npm', ['start'], { cwd: projectRoot(), env, stdio: 'pipe', detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    end(child);
    await closed;
  };
  defer(stop);
  while (!(await isReady(port))) {
    const late = performance.now() - began > LIMIT_MS;
    if (late || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`npm start did not get ready:\n${output}`);
    await pause(10);
  }
  return { ms: performance.now() - began, stop };
}

function end({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGTERM');
}

const isReady = (port: number) =>
  fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    // refused until it listens
    () => false,
  );

const seconds = (ms: number) => `${rounded(ms / 1_000)} s`;

await withCleanup(async (defer) => {
  const folder = await mkdtemp(join(tmpdir(), 'chatlog-bench-'));
  defer(() => rm(folder, { recursive: true, force: true }));
  // the server's user, where it is another one, must get through
  await chmod(folder, 0o711);
  const times: number[] = [];
  for (let n = 0; n <= starts; n += 1) {
    const started = await start(join(folder, 'data'), defer);
    times.push(started.ms);
    process.stderr.write(`start ${n + 1}: ${Math.round(started.ms)} ms\n`);
    await started.stop();
  }
  const [first, ...again] = times;
  console.table([
    { start: 'first, new data folder', median: seconds(first!), worst: seconds(first!) },
    {
      start: `again, ${starts} times`,
      median: seconds(median(again)),
      worst: seconds(Math.max(...again)),
      load: rounded(loadavg()[0]!),
    },
  ]);
  await publish('start', { firstMs: first, againMs: again }, [
    goal('second npm start, median', median(again) / 1_000, { max: 3 }, ' s'),
    goal('second npm start, worst', Math.max(...again) / 1_000, { max: 3 }, ' s'),
  ]);
});
