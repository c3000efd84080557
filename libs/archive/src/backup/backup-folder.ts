import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { lockFolder } from '#platform';
import { ArchiveRefused } from '../archive-refused.js';
import { JOURNAL } from './backup-journal.js';
import { MANIFEST } from './backup-manifest.js';

const PART = /^[a-z_]+-\d{5}\.ndjson\.gz$/;
/** The lock's own. */
const LOCK = /^(new-)?lock-[0-9a-f]{24}$/;

/**
 * Runs `work` on a folder that it alone writes a backup to: an empty one, or one with an unfinished backup. What an interrupted
 * write left under a passing name is removed.
 * @throws ArchiveRefused where there is a whole backup, or anything else.
 * @throws FolderInUse
 */
export async function withBackupFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(folder, { note: 'a backup is being written' });
  try {
    const names = (await readdir(folder)).filter((name) => !LOCK.test(name));
    if (names.includes(MANIFEST))
      throw new ArchiveRefused('already_whole', `${folder} holds a whole backup: use another folder`);
    const passing = names.filter((name) => name.endsWith('.tmp'));
    const foreign = names.find((name) => !passing.includes(name) && name !== JOURNAL && !PART.test(name));
    if (foreign !== undefined)
      throw new ArchiveRefused(
        'not_a_backup',
        `${folder} holds other files (${foreign}): use an empty folder`,
      );
    for (const name of passing) await rm(join(folder, name), { force: true });
    return await work();
  } finally {
    await lock.release();
  }
}
