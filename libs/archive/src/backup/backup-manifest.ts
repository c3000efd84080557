import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainAnchor } from '#event-log';
import { ArchiveRefused } from '../archive-refused.js';
import { settleFile } from '../files/durable-file.js';
import type { PartFile } from '../files/part-file.js';

export const BACKUP_FORMAT = 'lol-chat-log-backup';
export const BACKUP_VERSION = 1;
export const MANIFEST = 'manifest.json';

/** What a backup is of, known when it begins. */
export type BackupHeader = {
  format: typeof BACKUP_FORMAT;
  version: typeof BACKUP_VERSION;
  /** Of this backup: a restore of it is known by it. */
  id: string;
  /** Of the log that it was made of. */
  epoch: string;
  startedAt: string;
  /** The migrations of its schema, in order. */
  migrations: string[];
  /** The last seal that it holds; to be kept elsewhere, it is the anchor of `verify --chain`. */
  anchor: ChainAnchor | null;
};

/** A whole backup: exactly the folders that hold one are. */
export type BackupManifest = BackupHeader & {
  endedAt: string;
  tables: { name: string; columns: string[]; rows: number }[];
  parts: PartFile[];
};

/** Null: the folder holds no whole backup. @throws ArchiveRefused where the manifest cannot be used. */
export async function readManifest(folder: string): Promise<BackupManifest | null> {
  const text = await readOrNull(join(folder, MANIFEST));
  if (text === null) return null;
  const manifest = parsed(folder, text);
  if (manifest.format !== BACKUP_FORMAT || !Array.isArray(manifest.parts) || !Array.isArray(manifest.tables))
    throw new ArchiveRefused('not_a_backup', `${folder}: ${MANIFEST} is not that of a backup`);
  if (manifest.version !== BACKUP_VERSION)
    throw new ArchiveRefused(
      'not_a_backup',
      `${folder}: the backup has format ${manifest.version}, this program reads ${BACKUP_VERSION}`,
    );
  return manifest;
}

export async function writeManifest(folder: string, manifest: BackupManifest): Promise<void> {
  const file = join(folder, MANIFEST);
  await writeFile(`${file}.tmp`, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
  await settleFile(`${file}.tmp`, file);
}

function parsed(folder: string, text: string): BackupManifest {
  try {
    return JSON.parse(text) as BackupManifest;
  } catch (cause) {
    throw new ArchiveRefused('damaged', `${folder}: ${MANIFEST} is no JSON`, { cause });
  }
}

/** The text of a file, or null where there is none. */
export async function readOrNull(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
