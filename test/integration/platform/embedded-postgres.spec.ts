import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { lockFolder, startEmbeddedPostgres, type EmbeddedPostgres } from '#platform';
import { isRunning } from '../../support/is-running.js';

describe('startEmbeddedPostgres', () => {
  let root: string;
  let dataDir: string;
  const servers: EmbeddedPostgres[] = [];

  beforeEach(() => {
    // a folder that only its owner may enter, with a space in its name
    root = mkdtempSync(join(tmpdir(), 'chatlog test '));
    dataDir = join(root, 'data');
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
    rmSync(root, { recursive: true, force: true });
  });

  async function start(
    options: { watch?: boolean; settings?: Record<string, string> } = {},
  ): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({ dataDir, log: () => undefined, watch: false, ...options });
    servers.push(server);
    return server;
  }

  it('makes a durable UTF8 database, keeps it, and lets nobody else in', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    expect(
      await query(
        first.url,
        `SELECT current_setting('server_encoding') AS e, current_setting('fsync') AS f, current_setting('synchronous_commit') AS c`,
      ),
    ).toEqual([{ e: 'UTF8', f: 'on', c: 'on' }]);
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    const wrong = first.url.replace(/:[^:@/]+@/, ':wrong@');
    await expect(query(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    await first.stop();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  }, 60_000);

  it('adopts a server that outlived its program, and stops it', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await leaveBehind();
    const second = await start();
    expect(second).toMatchObject({ adopted: true, url: first.url });
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
    await second.stop();
    expect(isRunning(first.pid())).toBe(false);
  }, 60_000);

  it('replaces one that does not answer', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    await leaveBehind();
    process.kill(first.pid(), 'SIGSTOP');
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(isRunning(first.pid())).toBe(false);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  }, 60_000);

  it('leaves no server behind when the saved password is not its own', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(dataDir, 'postgres-password'), 'another');
    await expect(start()).rejects.toMatchObject({ code: '28P01' });
    expect(() => statSync(join(dataDir, 'postgres', 'postmaster.pid'))).toThrow();
  }, 60_000);

  it('starts after a kill -9 of the server, also when its number belongs to another process now', async () => {
    const first = await start();
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS n');
    process.kill(first.pid(), 'SIGKILL');
    await pause(500);
    const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
    writeFileSync(pidFile, readFileSync(pidFile, 'utf8').replace(/^\d+/, String(process.pid)));
    await leaveBehind();
    const second = await start();
    expect(second.adopted).toBe(false);
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }]);
  }, 60_000);

  it('starts a server that died again, on the same port', async () => {
    const server = await start({ watch: true });
    const before = server.pid();
    process.kill(before, 'SIGKILL');
    for (;;) {
      await pause(100);
      const answer = await query(server.url, 'SELECT 1 AS n').catch(() => undefined);
      if (answer) break;
    }
    expect(server.pid()).not.toBe(before);
  }, 60_000);

  it('throws away what a start left that was killed in initdb', async () => {
    mkdirSync(join(dataDir, 'postgres.new-dead', 'data'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new-dead', 'data', 'PG_VERSION'), '18');
    const server = await start();
    expect(await query(server.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect(() => statSync(join(dataDir, 'postgres.new-dead'))).toThrow();
  }, 60_000);

  it('does not open a folder of another major version, or one without its password', async () => {
    mkdirSync(join(dataDir, 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '15\n');
    await expect(start()).rejects.toThrow('belongs to PostgreSQL 15');
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
    await expect(start()).rejects.toThrow('postgres-password is missing');
    // the failed starts have left the folder free
    const lock = await lockFolder(dataDir);
    await lock.release();
  });

  /** As a kill -9 of this program would: the lock goes, the server stays. */
  async function leaveBehind(): Promise<void> {
    servers.length = 0;
    const lock = await lockFolder(dataDir);
    await lock.release();
  }
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
