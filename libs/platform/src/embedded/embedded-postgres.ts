import { lockFolder } from '../data-lock.js';
import { postgresBinaries } from './binaries.js';
import { EmbeddedServer, type EmbeddedPostgresOptions } from './embedded-server.js';
import { serverUser } from './server-user.js';

export type { EmbeddedPostgresOptions } from './embedded-server.js';

/** A running server of ours. */
export type EmbeddedPostgres = {
  /** Of the database `chatlog`, password included. Stays the same until `stop`. */
  url: string;
  /** A server that outlived its program was found, and goes on. */
  adopted: boolean;
  pid(): number;
  /** Ends the server in order (at most 30 s, then by force). Close your connections first. */
  stop(): Promise<void>;
};

/**
 * A real PostgreSQL 18 on a free loopback port, its data in `dataDir`, made at the first start; started again on the same
 * port when it dies. It runs in a process group of its own, so that Ctrl-C reaches us alone and it can be stopped last.
 * @throws FolderInUse when another process holds the folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const lock = await lockFolder(options.dataDir);
  try {
    const user = serverUser();
    const server = new EmbeddedServer(options, postgresBinaries(user), user);
    const adopted = await server.start();
    const stop = async () => {
      await server.stop();
      await lock.release();
    };
    return { url: server.databaseUrl(), adopted, pid: () => server.pid, stop };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
