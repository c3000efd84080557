import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '#platform';
import { withCleanup, type Defer } from './cleanup.js';

/** Gives `work` BENCH_DATABASE_URL (an empty database), or an embedded server of its own, which is stopped in any case. */
export function withServer(work: (url: string) => Promise<void>): Promise<void> {
  return withCleanup(async (defer) => work(process.env.BENCH_DATABASE_URL ?? (await ownPostgres(defer))));
}

/** An embedded server on a folder of its own, until the end: it would outlive this process. */
export async function ownPostgres(defer: Defer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlog-bench-'));
  defer(() => rm(folder, { recursive: true, force: true }));
  // the server's user, where it is another one, must get through
  await chmod(folder, 0o711);
  const starting = startEmbeddedPostgres({
    dataDir: join(folder, 'data'),
    log: () => undefined,
    watch: false,
  });
  // also where the end comes while it starts
  defer(async () => (await starting).stop());
  return (await starting).url;
}
