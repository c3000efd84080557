import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { projectRoot } from '#platform';
import { freePort } from './free-port.js';
import { onceARun } from './once-a-run.js';

export type ServerRole = 'all' | 'api' | 'worker';

export type ServerOptions = {
  /** Added to an environment that holds nothing of the caller's but PATH. */
  env?: Record<string, string | undefined>;
  /** Default `all`. A worker serves no HTTP and has no `url`. */
  role?: ServerRole;
  /** Default 60 s. */
  readyMs?: number;
  /** The folder of another copy of the built program; see `makeRelease`. */
  root?: string;
};

/** The built program as a process of its own, to be killed. */
export type TestServer = {
  url: string;
  pid: number;
  /** As the kernel's OOM killer ends it. */
  kill9(): Promise<void>;
  /** Stops it in order with SIGTERM; gives its exit code (null when it had to be killed after 30 s). */
  stop(): Promise<number | null>;
  /** Everything that it printed. */
  output(): string;
  /** The code when it has ended. */
  exitCode(): number | null;
  /** Resolves when it has ended, by whatever. */
  ended: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
};

const running = new Set<ChildProcess>();
// a test file that throws must not leave servers behind
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')));

/** Starts the built app on a free port and resolves when it is ready. @throws with its output when it ends or is late. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { env = {}, role = 'all', readyMs = 60_000, root = await builtRoot() } = options;
  if (!env.DATABASE_URL && !env.CHATLOG_DATA_DIR)
    throw new Error('name DATABASE_URL or CHATLOG_DATA_DIR: a test must not open .data');
  const port = env.PORT ?? String(await freePort());
  const main = join(root, 'dist', 'apps', role === 'worker' ? 'worker' : 'api', 'src', 'main.js');
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    // a test may leave its events without a worker for as long as it likes
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      CHATLOG_ROLE: role,
      PORT: port,
      CHATLOG_READY_MAX_LAG_MS: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  void exit.then(() => running.delete(child));
  const server: TestServer = {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    kill9: async () => {
      child.kill('SIGKILL');
      await exit;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
      return exit.finally(() => clearTimeout(late));
    },
    output: () => output,
    exitCode: () => child.exitCode,
    ended: exit,
    signal: (name) => void child.kill(name),
  };
  await ready(server, child, role, readyMs);
  return server;
}

/** The project's folder, with a dist that was made of the very sources that the test is about. */
export async function builtRoot(): Promise<string> {
  const root = projectRoot();
  const builder = join(root, 'apps', 'launcher', 'build.mjs');
  await onceARun('build', () => promisify(execFile)(process.execPath, [builder]));
  return root;
}

async function ready(
  server: TestServer,
  child: ChildProcess,
  role: ServerRole,
  limitMs: number,
): Promise<void> {
  const until = Date.now() + limitMs;
  while (!(role === 'worker' ? /ready|worker/i.test(server.output()) : await answers(server.url))) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the server ended:\n${server.output()}`);
    if (Date.now() > until) {
      await server.kill9();
      throw new Error(`the server was not ready within ${limitMs} ms:\n${server.output()}`);
    }
    await pause(25);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    // refused until it listens: the loop asks again
    return false;
  }
}
