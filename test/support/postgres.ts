import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate, startEmbeddedPostgres } from '#platform';
import { killFamily } from './kill-family.js';
import { onceARun, runFolder } from './once-a-run.js';

/** A server of the test's own. */
export type OwnPostgres = {
  url: string;
  dataDir: string;
  pid(): number;
  /** Ends the server at once, without a checkpoint; with `watch` it comes back by itself on the same port. */
  crash(): void;
  /** As the kernel's OOM killer, but all of its processes. Resolves when none is left; with `watch` it comes back. */
  kill9(): Promise<void>;
  stop(): Promise<void>;
};
export type TestDatabase = { url: string; drop: () => Promise<void> };

type Shared = { url: string; template: string; external: boolean };

let shared: Promise<Shared> | undefined;

/**
 * The server that the tests of a run make their databases in: CHATLOG_TEST_DATABASE_URL's, or an embedded one that the run's
 * tear-down stops. A suite that kills its server wants `startOwnPostgres`.
 */
export async function startTestPostgres(): Promise<{ url: string; external: boolean }> {
  shared ??= onceARun('postgres', startShared);
  return shared;
}

async function startShared(): Promise<Shared> {
  const external = process.env.CHATLOG_TEST_DATABASE_URL;
  const dataDir = join(runFolder(), 'data');
  const options = { dataDir, log: () => undefined, watch: false };
  const url = external ?? (await startEmbeddedPostgres(options)).url;
  return { url, template: await makeTemplate(url), external: Boolean(external) };
}

/**
 * A fresh embedded server in a temporary folder, for the caller alone to kill; `watch` starts it again when it dies, and
 * `settings` stand over ours.
 */
export async function startOwnPostgres({
  watch = false,
  settings = {},
}: { watch?: boolean; settings?: Record<string, string> } = {}): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlog-test-'));
  const dataDir = join(folder, 'data');
  const server = await startEmbeddedPostgres({ dataDir, log: () => undefined, watch, settings });
  return {
    url: server.url,
    dataDir,
    pid: () => server.pid(),
    crash: () => void process.kill(server.pid(), 'SIGQUIT'),
    kill9: () => killFamily(server.pid()),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A migrated, empty database, cloned from the run's template in some 50 ms. `drop` cuts every connection to it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await (shared ??= onceARun('postgres', startShared));
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(server.url, `CREATE DATABASE ${name} TEMPLATE ${server.template}`);
  return {
    url: databaseUrl(server.url, name),
    drop: () => administer(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** A copy of a database that nobody is connected to, byte for byte. */
export async function cloneDatabase(url: string): Promise<TestDatabase> {
  const server = await startTestPostgres();
  const name = `clone_${randomBytes(6).toString('hex')}`;
  await administer(server.url, `CREATE DATABASE ${name} TEMPLATE ${new URL(url).pathname.slice(1)}`);
  return {
    url: databaseUrl(server.url, name),
    drop: () => administer(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** An empty database without any schema, for tests of the migrations. */
export async function createBareDatabase(): Promise<TestDatabase> {
  const server = await startTestPostgres();
  const name = `bare_${randomBytes(6).toString('hex')}`;
  await administer(server.url, `CREATE DATABASE ${name}`);
  return {
    url: databaseUrl(server.url, name),
    drop: () => administer(server.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function makeTemplate(serverUrl: string): Promise<string> {
  const name = `template_${randomBytes(6).toString('hex')}`;
  await administer(serverUrl, `CREATE DATABASE ${name}`);
  await migrate({ url: databaseUrl(serverUrl, name) });
  return name;
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
