import type { Queryable } from './database.js';
import { hasUnfinishedRestore } from './unfinished-restore.js';

/** The database would lose what it has acknowledged, or lacks what this program needs; it says how to put that right. */
export class UnsafeDatabase extends Error {
  constructor(readonly reasons: readonly string[]) {
    super(`this PostgreSQL cannot hold the log:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`);
    this.name = 'UnsafeDatabase';
  }
}

const OLDEST_VERSION = 130_000;
/** `remote_apply` promises more than `on`; everything else promises less, to this disk or to a standby. */
const DURABLE_COMMITS = ['on', 'remote_apply'];

/**
 * Looks before the first append whether a commit is durable and the server can do what is asked of it.
 * @throws UnsafeDatabase naming every setting that is wrong.
 */
export async function assertSafeDatabase(database: Queryable): Promise<void> {
  const [found] = await database.query<Record<'version' | 'encoding' | 'fsync' | 'commit' | 'pages', string>>(
    `SELECT current_setting('server_version_num') AS version, current_setting('server_encoding') AS encoding,
            current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
            current_setting('full_page_writes') AS pages`,
  );
  if (!found) throw new Error('the database gave no settings');
  const wrong = {
    'it is older than version 13': Number(found.version) < OLDEST_VERSION,
    'fsync is off: a crash of the machine loses committed events': found.fsync !== 'on',
    [`synchronous_commit is ${found.commit}, not on: a crash loses acknowledged events`]:
      !DURABLE_COMMITS.includes(found.commit),
    'full_page_writes is off: a crash can tear pages': found.pages !== 'on',
    [`the encoding is ${found.encoding}, not UTF8`]: found.encoding !== 'UTF8',
    'the restore of a backup into it is not finished: run it to its end first':
      await hasUnfinishedRestore(database),
  };
  const reasons = Object.entries(wrong).flatMap(([reason, isWrong]) => (isWrong ? [reason] : []));
  if (reasons.length > 0) throw new UnsafeDatabase(reasons);
}
