import { closeSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Binaries } from './binaries.js';
import { DataFolder } from './data-folder.js';
import { endProcess } from './end-process.js';
import { freePort } from './free-port.js';
import { isAlive, isPostgres, readPostmaster, serves } from './postmaster.js';
import { spawnOnFolder } from './server-process.js';
import type { ServerUser } from './server-user.js';
import { EMBEDDED_DATABASE, embeddedUrl } from './server-url.js';

/** A crash leaves a log to replay; a server that is alive and says so is waited for. */
const START_LIMIT_MS = 300_000;
/** One that was left over and does not answer has nobody to finish for. */
const SURVIVOR_STOP_MS = 3_000;

/** Durability is the point, so it is said here too, where no edited postgresql.conf can take it back. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  max_connections: '200',
  shared_buffers: '64MB',
  timezone: 'UTC',
  jit: 'off',
  log_min_messages: 'warning',
  log_checkpoints: 'off',
};

/** Where the server keeps its data, and whom it tells what it does. */
export type EmbeddedPostgresOptions = {
  /** The database lives in its subfolder `postgres`. Its lock is taken, or was by this process, and left at `stop`. */
  dataDir: string;
  log: (line: string) => void;
  /** Server settings over ours: for tests of what the start refuses. */
  settings?: Record<string, string>;
  /** Start the server again when it dies (default). Without it the server is left to whoever kills it. */
  watch?: boolean;
};

/** The server of one data folder: found or started, watched over, stopped. */
export class EmbeddedServer {
  private readonly folder: DataFolder;
  private password = '';
  private port = 0;
  private stopping = false;
  private watch?: NodeJS.Timeout;
  pid = 0;

  constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly binaries: Binaries,
    private readonly user: ServerUser | undefined,
  ) {
    this.folder = new DataFolder(options.dataDir, user);
  }

  databaseUrl(): string {
    return this.url(EMBEDDED_DATABASE);
  }

  private url(database: string): string {
    return embeddedUrl({ port: this.port, password: this.password }, database);
  }

  async start(): Promise<boolean> {
    await this.folder.prepare(this.binaries);
    this.password = this.folder.password();
    const adopted = await this.adopt();
    if (!adopted) await this.launch();
    await this.createDatabase().catch(async (error: Error) => {
      await this.stop();
      throw error;
    });
    if (this.options.watch !== false) this.watchOver();
    return adopted;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.watch);
    await endProcess(this.pid, 'SIGINT');
  }

  /** A survivor that takes our password and has our folder open goes on; anything else that holds the folder ends. */
  private async adopt(): Promise<boolean> {
    const found = readPostmaster(this.folder.path);
    if (!found) return false;
    if (isAlive(found.pid) && isPostgres(found.pid)) {
      this.port = found.port;
      this.pid = found.pid;
      if (await this.answers()) return true;
      this.options.log('a PostgreSQL that was left over does not answer and is replaced');
      await endProcess(found.pid, 'SIGINT', SURVIVOR_STOP_MS);
    }
    // the number may belong to another process by now, which would make the server refuse to start
    rmSync(join(this.folder.path, 'postmaster.pid'), { force: true });
    return false;
  }

  private async answers(): Promise<boolean> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      try {
        return await serves(this.url('postgres'), this.folder.path);
      } catch (error) {
        // 57P03: it is starting up, or shutting down
        if ((error as { code?: string }).code !== '57P03') return false;
      }
      await pause(250);
      if (!isAlive(this.pid)) return false;
    }
    return false;
  }

  /** A port that was free may be taken a moment later: three tries. */
  private async launch(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      this.port = await freePort();
      try {
        return await this.run();
      } catch (error) {
        await endProcess(this.pid, 'SIGINT');
        if (attempt === 3 || !/Address already in use/.test((error as Error).message)) throw error;
      }
    }
  }

  private async run(): Promise<void> {
    const settings = Object.entries({ ...SETTINGS, ...this.options.settings }).flatMap(([name, value]) => [
      '-c',
      `${name}=${value}`,
    ]);
    const log = this.folder.openLog();
    const args = (folder: string) => ['-D', folder, '-p', String(this.port), ...settings];
    const child = spawnOnFolder(this.binaries.postgres, this.folder.path, args, {
      user: this.user,
      output: log,
      detached: true,
    });
    closeSync(log);
    const failed = new Promise<Error>((resolve) => {
      child.on('error', resolve);
      child.on('exit', (code, signal) => resolve(new Error(`PostgreSQL ended (${code ?? signal})`)));
    });
    child.unref();
    this.pid = child.pid ?? 0;
    await this.ready(failed);
  }

  private async ready(failed: Promise<Error>): Promise<void> {
    let failure: Error | undefined;
    void failed.then((error) => (failure = error));
    const until = Date.now() + START_LIMIT_MS;
    while (Date.now() < until) {
      if (failure) throw new Error(`${failure.message}:\n${this.folder.lastLines()}`, { cause: failure });
      try {
        if (await serves(this.url('postgres'), this.folder.path)) return;
      } catch (error) {
        const { code } = error as { code?: string };
        if (code !== 'ECONNREFUSED' && code !== '57P03') throw error;
      }
      await pause(20);
    }
    throw new Error(
      `PostgreSQL was not ready within ${START_LIMIT_MS / 1_000} s:\n${this.folder.lastLines()}`,
    );
  }

  private async createDatabase(): Promise<void> {
    const client = new Client({ connectionString: this.url('postgres') });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
        EMBEDDED_DATABASE,
      ]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
    } finally {
      await client.end();
    }
  }

  /** A server that was killed comes back on the same port: pools reconnect by themselves. */
  private restartIfDead(): void {
    if (this.stopping || isAlive(this.pid)) return;
    clearInterval(this.watch);
    this.options.log('PostgreSQL has ended unexpectedly and is started again');
    this.run()
      .then(
        () => this.options.log('PostgreSQL is back'),
        (error: Error) => this.options.log(`PostgreSQL does not come back, trying again: ${error.message}`),
      )
      .finally(() => {
        if (!this.stopping) this.watchOver();
      });
  }

  private watchOver(): void {
    this.watch = setInterval(() => this.restartIfDead(), 250);
    this.watch.unref();
  }
}
