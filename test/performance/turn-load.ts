import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from 'pg';
import { startService, type BenchService, type Mode } from './bench-service.js';
import { startChild, type Remote } from './child-process.js';
import type { ClientMethods, Delivered } from './client-child.js';
import type { Defer } from './cleanup.js';
import type { LatencyFigures } from './latencies.js';
import type { ModelMethods } from './model-child.js';
import { percentile } from './percentile.js';
import { backendPids, CpuShares, rssMiB } from './process-usage.js';

/** The whole of it: model server, service, databases, readers; each a process of its own. */
export type Stage = {
  service: BenchService;
  model: Remote<ModelMethods>;
  clients: Remote<ClientMethods>;
};

export type WindowFigures = {
  mode: Mode;
  turns: number;
  offered: number;
  written: number;
  delivered: number;
  committed: LatencyFigures;
  read: Delivered;
  lagP99Ms: number;
  /** Of one core, by process. */
  cpu: Record<string, number>;
  /** MiB, by process. */
  rss: Record<string, number>;
  load: number;
};

const LAG_SAMPLE_MS = 50;

export async function setStage(mode: Mode, defer: Defer): Promise<Stage> {
  const model = startChild<ModelMethods>('model-child', defer);
  const service = await startService(mode, await model.start(), defer);
  return { service, model, clients: startChild<ClientMethods>('client-child', defer) };
}

/** What happens on the stage in so many seconds, while `turns` turns run. */
export async function measureWindow(
  { service, model, clients }: Stage,
  { turns, perSecond, seconds }: { turns: number; perSecond: number; seconds: number },
): Promise<WindowFigures> {
  const groups = {
    model: [model.pid],
    ...Object.fromEntries(service.processes.map(({ name, pid }) => [name, [pid]])),
    postgres: await backendPids(service.database),
    redis: service.redisPid === null ? [] : [service.redisPid],
    clients: [clients.pid],
  };
  const cpu = new CpuShares();
  await Promise.all([service.worker.takeCommits(), model.takeWritten(), clients.take()]);
  cpu.take(groups);
  const began = performance.now();
  const lags = await sampleLags(service.database, seconds * 1_000);
  const [committed, written, read] = await Promise.all([
    service.worker.takeCommits(),
    model.takeWritten(),
    clients.take(),
  ]);
  const took = (performance.now() - began) / 1_000;
  return {
    mode: service.mode,
    turns,
    offered: turns * perSecond,
    written: written / took,
    delivered: read.count / took,
    committed,
    read,
    lagP99Ms: percentile(lags, 0.99),
    cpu: cpu.take(groups),
    rss: Object.fromEntries(service.processes.map(({ name, pid }) => [name, rssMiB(pid) ?? Number.NaN])),
    load: loadavg()[0]!,
  };
}

/**
 * By the database's clock, again and again for that long: for how many milliseconds the event that has waited longest has not been
 * projected. A stream's row is moved on when a projection of it ends, so this is never less than the lag.
 */
async function sampleLags(database: Client, ms: number): Promise<number[]> {
  const lags: number[] = [];
  const until = performance.now() + ms;
  for (;;) {
    const { rows } = await database.query<{ ms: number }>(
      `select coalesce(max(extract(epoch from clock_timestamp() - since)), 0)::float8 * 1000 as ms from pending`,
    );
    lags.push(rows[0]!.ms);
    if (performance.now() + LAG_SAMPLE_MS > until) break;
    await pause(LAG_SAMPLE_MS);
  }
  await pause(Math.max(0, until - performance.now()));
  return lags;
}
