/**
 * The real service under steady mixed traffic, for SOAK_MINUTES (10), and at its end the history checker over everything that it
 * wrote: what was acknowledged is in the log, readers saw its exact bytes, what is read is the fold of it, `lol verify --deep`
 * finds nothing, and the memory of the process did not grow. Ends with 1 where any of it is not so. On a folder and an embedded
 * server of its own, or on DATABASE_URL (and REDIS_URL). SOAK_SEED replays the choices of a run, SOAK_PEOPLE is how many there
 * are at once.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '#platform';
import { percentile } from '../performance/percentile.js';
import { startCuttingProxy } from '../support/cutting-proxy.js';
import { memoryGrowth } from '../support/memory-growth.js';
import { quietPrng } from '../support/prng.js';
import { startServer, type TestServer } from '../support/server.js';
import { findViolations } from './find-violations.js';
import { lagSeconds, ServiceWatch } from './service-watch.js';
import { SoakTraffic } from './soak-traffic.js';
import { TimedClient } from './timed-client.js';

const minutes = Number(process.env.SOAK_MINUTES ?? 10);
const people = Number(process.env.SOAK_PEOPLE ?? 6);
const seed = Number(process.env.SOAK_SEED ?? Math.floor(Math.random() * 2 ** 31));
const { DATABASE_URL, REDIS_URL } = process.env;
/**
 * A shorter run is judged by its heap alone: garbage that nobody needs the place of yet lets the process swell for a minute, from 300
 * to 430 MB in one of a minute, and by 180 MB for a minute in one of ten.
 */
const SHORTEST = 5;
/** What is behind has so long to come up at the end. */
const QUIET_MS = 120_000;

type Minute = Record<
  'minute' | 'turns' | 'deltas' | 'requests' | 'p99 ms' | 'lag s' | 'RSS MB' | 'heap MB',
  number
>;

const say = (text: string) => process.stderr.write(`${text}\n`);
const round = (value: number, digits = 0) => Number(value.toFixed(digits));

async function main(): Promise<boolean> {
  if (!(minutes > 0)) throw new Error(`SOAK_MINUTES must be a number above 0: ${process.env.SOAK_MINUTES}`);
  const folder = await mkdtemp(join(tmpdir(), 'chatlog-soak-'));
  // run by root, the embedded server is another user
  await chmod(folder, 0o711);
  const env = DATABASE_URL
    ? { DATABASE_URL, REDIS_URL }
    : { CHATLOG_DATA_DIR: join(folder, 'data'), REDIS_URL };
  const server = await startServer({ root: projectRoot(), env: { ...env, LOG_LEVEL: 'warn' } });
  const stopEarly = () => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', stopEarly).once('SIGTERM', stopEarly);
  try {
    return await soak(server, env);
  } finally {
    const code = await server.stop();
    if (code !== 0) say(`the service ended with ${code}:\n${server.output()}`);
    await rm(folder, { recursive: true, force: true });
  }
}

async function soak(server: TestServer, env: Record<string, string | undefined>): Promise<boolean> {
  say(`seed ${seed} (SOAK_SEED=${seed} replays it), ${minutes} minutes, ${people} people, ${server.url}`);
  const prng = quietPrng(seed);
  const proxy = await startCuttingProxy(server.url, () => prng.between(2_000, 150_000));
  const client = new TimedClient(server.url);
  const traffic = new SoakTraffic(client, proxy.url, prng);
  const watch = new ServiceWatch(server);
  traffic.start(people);
  const perMinute = await runMinutes(traffic, client, watch);
  say('waiting for quiet …');
  await traffic.stop();
  await watch.stop();
  const quiet = await untilQuiet(server.url);
  await proxy.close();
  const checked = { conversations: 0, events: 0 };
  const violations = await findViolations(server.url, traffic.talks, (events) => {
    checked.conversations += 1;
    checked.events += events;
  });
  const verified = await verify(env);
  const memory = { rss: memoryGrowth(watch.memory), heap: memoryGrowth(watch.heap) };
  const problems = [
    ...traffic.failures,
    ...client.unexpected.map((answer) => `unexpected answer: ${answer}`),
    ...violations.map(({ rule, detail }) => `[${rule}] ${detail}`),
    ...(quiet ? [] : [`the projections are behind ${QUIET_MS} ms after the last write`]),
    ...(verified.code === 0 ? [] : [`lol verify ended with ${verified.code}: ${verified.output}`]),
    ...Object.entries(minutes < SHORTEST ? { heap: memory.heap } : memory).flatMap(
      ([what, { grew, firstMb, lastMb }]) =>
        grew ? [`memory (${what}) grew from ${round(firstMb)} to ${round(lastMb)} MB`] : [],
    ),
  ];
  console.table(perMinute);
  for (const problem of problems.slice(0, 50)) say(problem);
  const setting = { cpus: cpus().length, node: process.version, seed, minutes, people };
  const total = {
    turns: traffic.turns,
    deltas: traffic.deltas,
    requests: client.answered,
    refused: client.refused,
  };
  const figures = { perMinute, total, cuts: proxy.cuts(), actions: traffic.counts, checked, memory };
  const findings = { violations: violations.length, problems: problems.length, verified: verified.report };
  console.log(
    JSON.stringify({ soak: problems.length === 0 ? 'sound' : 'BROKEN', ...setting, ...figures, ...findings }),
  );
  return problems.length === 0;
}

/** A line a minute; on a terminal also where it is. */
async function runMinutes(traffic: SoakTraffic, client: TimedClient, watch: ServiceWatch): Promise<Minute[]> {
  const began = performance.now();
  const done: Minute[] = [];
  const before = { turns: 0, deltas: 0, samples: 0 };
  for (let n = 1; n <= Math.ceil(minutes); n += 1) {
    const until = began + Math.min(n, minutes) * 60_000;
    while (performance.now() < until) {
      await pause(Math.min(1_000, Math.max(0, until - performance.now())));
      const left = Math.max(0, round((began + minutes * 60_000 - performance.now()) / 1_000));
      if (process.stderr.isTTY) process.stderr.write(`\r${left} s to go, ${traffic.turns} turns `);
    }
    const times = client.take();
    const { turns, deltas } = traffic;
    const samples = watch.memory.slice(before.samples).map(({ mb }) => mb);
    const minute: Minute = {
      minute: n,
      turns: turns - before.turns,
      deltas: deltas - before.deltas,
      requests: times.length,
      'p99 ms': round(percentile(times, 0.99), 1),
      'lag s': round(watch.takeLag(), 2),
      'RSS MB': round(percentile(samples, 0.5)),
      'heap MB': round(Math.min(...watch.heap.slice(before.samples).map(({ mb }) => mb))),
    };
    Object.assign(before, { turns, deltas, samples: watch.memory.length });
    done.push(minute);
    say(
      `${process.stderr.isTTY ? '\r' : ''}${Object.entries(minute)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
    );
  }
  return done;
}

/** False: something is behind still. */
async function untilQuiet(url: string): Promise<boolean> {
  const until = performance.now() + QUIET_MS;
  while ((await lagSeconds(url)) > 0) {
    if (performance.now() > until) return false;
    await pause(200);
  }
  return true;
}

/** `lol verify --deep`, over all that there is. */
async function verify(env: Record<string, string | undefined>) {
  const main = join(projectRoot(), 'dist', 'apps', 'admin', 'src', 'main.js');
  const asked = { env: { PATH: process.env.PATH, ...env }, maxBuffer: 64 * 1_048_576 };
  const args = [main, 'verify', '--deep', '--json'];
  const { code, output } = await promisify(execFile)(process.execPath, args, asked).then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => {
      return { code: error.code, output: `${error.stdout}${error.stderr}` };
    },
  );
  return { code, output, report: code === 0 ? (JSON.parse(output) as object) : null };
}

process.exitCode = (await main()) ? 0 : 1;
