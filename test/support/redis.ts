import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.js';

/** A Redis of the test's own, to flush, kill and start again. */
export type TestRedis = {
  url: string;
  /** As a crash ends it: nothing is saved. */
  kill9(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  flushAll(): Promise<void>;
  stop(): Promise<void>;
};

/** Whether the machine has a redis-server; suites without one say that they are skipped. */
export const hasRedis = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;

/** `describe` where there is a redis-server; otherwise the suite is skipped and its name says why. */
export const describeWithRedis = (name: string, suite: () => void): void =>
  hasRedis
    ? describe(name, suite)
    : describe.skip(`${name} (skipped: no redis-server on this machine)`, suite);

/** Starts a redis-server on a free port, without persistence; null where the machine has none. */
export async function startTestRedis(): Promise<TestRedis | null> {
  if (!hasRedis) return null;
  const folder = await mkdtemp(join(tmpdir(), 'chatlog-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await start(folder, port, url);
  return {
    url,
    kill9: () => end(server, 'SIGKILL'),
    restart: async () => {
      server = await start(folder, port, url);
    },
    flushAll: () => withClient(url, (client) => client.flushall()),
    stop: async () => {
      await end(server, 'SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function start(folder: string, port: number, url: string): Promise<ChildProcess> {
  const settings = [
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    '--maxmemory-policy',
    'noeviction',
  ];
  const server = spawn('redis-server', ['--port', String(port), ...settings], { stdio: 'ignore' });
  await withClient(url, (client) => client.ping());
  return server;
}

async function withClient(url: string, use: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url, { retryStrategy: () => 20, maxRetriesPerRequest: 500 });
  // it is refused until the server listens; the command waits
  client.on('error', () => undefined);
  try {
    await use(client);
  } finally {
    client.disconnect();
  }
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  await gone;
}
