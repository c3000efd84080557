import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupJournal } from '../backup/backup-journal.js';
import { readManifest } from '../backup/backup-manifest.js';
import type { ShelvedBackup } from './retention.js';

const NAME = /^backup-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z$/;
const REMOVED = '.removed';

/** The folder in which scheduled backups stand, each in one named by its time; anything else in it is left alone. */
export class BackupShelf {
  constructor(private readonly folder: string) {}

  async list(): Promise<ShelvedBackup[]> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const names = (await readdir(this.folder)).filter((name) => NAME.test(name));
    return Promise.all(names.map((name) => this.look(name)));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Where a backup that begins at that time is to stand. */
  nameAt(time: string): string {
    return `backup-${time.slice(0, 19).replaceAll(':', '-')}Z`;
  }

  /** Under another name first, so that what is half removed is never taken for a backup. */
  async remove(name: string): Promise<void> {
    await rename(this.path(name), this.path(`${name}${REMOVED}`));
    await this.removeRest();
  }

  /** What an interrupted removal left. */
  async removeRest(): Promise<void> {
    const rest = (await readdir(this.folder)).filter(
      (name) => name.endsWith(REMOVED) && NAME.test(name.slice(0, -REMOVED.length)),
    );
    for (const name of rest) await rm(this.path(name), { recursive: true, force: true });
  }

  private async look(name: string): Promise<ShelvedBackup> {
    const manifest = await readManifest(this.path(name));
    const header = manifest ?? (await BackupJournal.find(this.path(name)))?.header;
    const { startedAt = null, epoch = null } = header ?? {};
    return { name, whole: manifest !== null, startedAt, epoch };
  }
}
