import { Injectable } from '@nestjs/common';
import { Database, withOwnConnection } from '#platform';
import type { ArchiveOptions } from './archive-options.js';
import { withBackupFolder } from './backup/backup-folder.js';
import type { BackupManifest } from './backup/backup-manifest.js';
import { BackupRun } from './backup/backup-run.js';
import { RestoreRun } from './restore/restore-run.js';
import { checkParts, requireManifest } from './restore/whole-backup.js';

export type BackupReport = { folder: string; resumed: boolean; manifest: BackupManifest; seconds: number };
/** `epoch`: of the restored log, another one than that of the log that was backed up. */
export type RestoreReport = BackupReport & { epoch: string };

/** Of a part: what is done again after an interruption. */
const PART_ROWS = 50_000;

/**
 * The whole log to a folder of NDJSON files and back, byte for byte, in bounded memory, while it is written to. What is read
 * is the log as it was at one moment near the beginning.
 */
@Injectable()
export class Backups {
  constructor(private readonly database: Database) {}

  /**
   * Resolves when the backup is whole and on the disk. Interrupted, the same call goes on: parts whose checksums hold are
   * kept, and the moment that it is of stays the first call's.
   * @throws ArchiveRefused
   */
  async backup(
    folder: string,
    { partRows = PART_ROWS, ...options }: ArchiveOptions & { partRows?: number } = {},
  ): Promise<BackupReport> {
    const started = performance.now();
    const done = await withBackupFolder(folder, () =>
      withOwnConnection(this.database.url, 'backup', (connection) =>
        new BackupRun(connection, folder, partRows, options).run(),
      ),
    );
    return { folder, ...done, seconds: secondsSince(started) };
  }

  /**
   * Loads a backup into an empty, migrated database that nothing else uses. Every checksum is compared before the first row is
   * written; interrupted, the same call goes on. The log gets an epoch of its own, and every stream is pending, so that
   * projections are built anew. Turns that were open keep their leases, which have run out: they are interrupted.
   * @throws ArchiveRefused
   */
  async restore(folder: string, options: ArchiveOptions = {}): Promise<RestoreReport> {
    const started = performance.now();
    const manifest = await requireManifest(folder);
    const done = await withOwnConnection(this.database.url, 'restore', (connection) =>
      new RestoreRun(connection, folder, manifest, options).run(),
    );
    return { folder, manifest, ...done, seconds: secondsSince(started) };
  }

  /** Compares the checksum of every part. @throws ArchiveRefused naming those that are damaged. */
  async check(folder: string, options: ArchiveOptions = {}): Promise<BackupManifest> {
    const manifest = await requireManifest(folder);
    await checkParts(folder, manifest.parts, options);
    return manifest;
  }
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1_000;
}
