import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Redis } from 'ioredis';
import { Client } from 'pg';
import { migrate, projectRoot } from '#platform';
import { freePort } from '../support/free-port.js';
import { startTestRedis } from '../support/redis.js';
import { startServer, type ServerRole } from '../support/server.js';
import type { Defer } from './cleanup.js';
import type { LatencyFigures } from './latencies.js';
import { ownPostgres } from './own-server.js';

export type Mode = 'external' | 'embedded';

/** A process of the service, and what its probe tells. */
export type ServiceProcess = {
  name: string;
  pid: number;
  takeCommits(): Promise<LatencyFigures>;
  /** After a collection. */
  memory(): Promise<NodeJS.MemoryUsage>;
  /** Null starts a CPU profile; a file ends it there. */
  profile(to: string | null): Promise<void>;
};

export type BenchService = {
  mode: Mode;
  url: string;
  database: Client;
  redisPid: number | null;
  processes: ServiceProcess[];
  /** The process that runs turns. */
  worker: ServiceProcess;
  stop(): Promise<void>;
};

/**
 * The built program on a new database. `external`: an API process, a worker for turns and one for everything else, on
 * BENCH_DATABASE_URL's server (a database of its own there) and BENCH_REDIS_URL where they are given, else on servers that are started
 * here; without any Redis jobs are in PostgreSQL.
 * `embedded`: the combined process on an embedded server, which is started here and not by the process.
 */
export async function startService(mode: Mode, modelUrl: string, defer: Defer): Promise<BenchService> {
  const [databaseUrl, redis] = await Promise.all([
    startDatabase(mode, defer),
    mode === 'external' ? startRedis(defer) : null,
  ]);
  await migrate({ url: databaseUrl });
  const shared = {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis?.url,
    ANTHROPIC_BASE_URL: modelUrl,
    ANTHROPIC_API_KEY: 'bench',
    LOG_LEVEL: 'warn',
  };
  const parts: [name: string, role: ServerRole, env?: Record<string, string>][] =
    mode === 'external'
      ? [
          ['api', 'api'],
          ['projections', 'worker', { CHATLOG_WORK: 'projections' }],
          ['turns', 'worker', { CHATLOG_WORK: 'turns' }],
        ]
      : [['all', 'all']];
  const started = await Promise.all(
    parts.map(([name, role, env]) => startProcess({ name, role, env: { ...shared, ...env } }, defer)),
  );
  const database = new Client({ connectionString: databaseUrl });
  // it ends with its server
  database.on('error', () => undefined);
  await database.connect();
  defer(() => database.end());
  return {
    mode,
    url: started[0]!.url,
    database,
    redisPid: redis?.pid ?? null,
    processes: started.map(({ process }) => process),
    worker: started.at(-1)!.process,
    stop: async () => {
      for (const { stop } of started.toReversed()) await stop();
    },
  };
}

async function startProcess(
  { name, role, env }: { name: string; role: ServerRole; env: Record<string, string | undefined> },
  defer: Defer,
) {
  const probePort = await freePort();
  const probe = pathToFileURL(join(import.meta.dirname, 'service-probe.js')).href;
  const server = await startServer({
    role,
    root: projectRoot(),
    env: { ...env, NODE_OPTIONS: `--import ${probe}`, BENCH_PROBE_PORT: String(probePort) },
  });
  defer(() => server.kill9());
  void server.ended.then(() => process.stderr.write(server.output().split('\n').slice(0, 20).join('\n')));
  const ask = async <T>(path: string): Promise<T> =>
    (await fetch(`http://127.0.0.1:${probePort}${path}`)).json() as Promise<T>;
  const served: ServiceProcess = {
    name,
    pid: server.pid,
    takeCommits: () => ask('/commits'),
    memory: () => ask('/memory'),
    profile: (to) => ask(to === null ? '/profile' : `/profile?to=${encodeURIComponent(to)}`),
  };
  return { url: server.url, process: served, stop: () => server.stop() };
}

async function startDatabase(mode: Mode, defer: Defer): Promise<string> {
  const given = process.env.BENCH_DATABASE_URL;
  return mode === 'external' && given ? ownDatabase(given, defer) : ownPostgres(defer);
}

async function ownDatabase(serverUrl: string, defer: Defer): Promise<string> {
  const name = `chatlog_bench_${randomBytes(4).toString('hex')}`;
  const administer = async (sql: string) => {
    const client = new Client({ connectionString: serverUrl });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await administer(`create database ${name}`);
  defer(() => administer(`drop database if exists ${name} with (force)`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function startRedis(defer: Defer): Promise<{ url: string; pid: number | null } | null> {
  const given = process.env.BENCH_REDIS_URL;
  const own = given ? null : await startTestRedis();
  if (own) defer(() => own.stop());
  const url = given ?? own?.url;
  if (!url) return null;
  const client = new Redis(url);
  try {
    const pid = /process_id:(\d+)/.exec(await client.info('server'))?.[1];
    return { url, pid: pid === undefined ? null : Number(pid) };
  } finally {
    client.disconnect();
  }
}
