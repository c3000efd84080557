import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from './config.js';
import { FolderInUse, lockFolder } from './data-lock.js';
import { startEmbeddedPostgres } from './embedded/embedded-postgres.js';
import { runningServerUrl } from './embedded/running-server.js';

/** A program cannot get at its database; the message says what to do. */
export class DatabaseUnreachable extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'DatabaseUnreachable';
  }
}

/** A database to connect to, and whose server it is. */
export type OpenedDatabase = {
  url: string;
  /** `configured`: DATABASE_URL's. `running`: another process's embedded one. `own`: started here, for this while. */
  server: 'configured' | 'running' | 'own';
  /** Stops the server where it is our own. Close your connections first. */
  close(): Promise<void>;
};

export type OpenDatabaseOptions = {
  /** What a start of the program on the same folder is told meanwhile. */
  note: string;
  log: (line: string) => void;
  /** Makes the embedded database where there is none (default: that is an error). */
  create?: boolean;
};

/** A program that holds the folder may be starting its server, or stopping it. */
const OTHERS_LIMIT_MS = 15_000;

/**
 * The database that this program's configuration names, whoever runs it: DATABASE_URL's; or else the embedded one of the
 * data folder, through its server where one runs, and where none does by starting it under the folder's lock until `close`.
 * @throws DatabaseUnreachable
 */
export async function openDatabase(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  { note, log, create = false }: OpenDatabaseOptions,
): Promise<OpenedDatabase> {
  if (databaseUrl !== undefined)
    return { url: databaseUrl, server: 'configured', close: async () => undefined };
  if (!create && !existsSync(join(dataDir, 'postgres')))
    throw new DatabaseUnreachable(
      `there is no database in ${dataDir} yet: \`npm start\` makes one, or set DATABASE_URL or CHATLOG_DATA_DIR`,
    );
  let holder: FolderInUse | undefined;
  for (const until = Date.now() + OTHERS_LIMIT_MS; Date.now() < until; await pause(200)) {
    try {
      const lock = await lockFolder(dataDir, { note });
      return await own(dataDir, log, () => lock.release());
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      holder = error;
    }
    const url = await runningServerUrl(dataDir);
    if (url !== null) return { url, server: 'running', close: async () => undefined };
  }
  throw new DatabaseUnreachable(`${holder?.message ?? dataDir}, and no PostgreSQL answers there`);
}

async function own(
  dataDir: string,
  log: (line: string) => void,
  release: () => Promise<void>,
): Promise<OpenedDatabase> {
  try {
    // it takes the same lock again, and leaves it when it stops
    const server = await startEmbeddedPostgres({ dataDir, log });
    return { url: server.url, server: 'own', close: () => server.stop() };
  } catch (error) {
    await release();
    throw error;
  }
}
