import { join } from 'node:path';
import type { ArchiveOptions } from '../archive-options.js';
import { ArchiveRefused } from '../archive-refused.js';
import { JOURNAL } from '../backup/backup-journal.js';
import { readManifest, readOrNull, type BackupManifest } from '../backup/backup-manifest.js';
import type { PartFile } from '../files/part-file.js';
import { partIsWhole } from '../files/part-reader.js';

const NAMED = 5;

/** @throws ArchiveRefused where the folder holds no whole backup. */
export async function requireManifest(folder: string): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  if (manifest) return manifest;
  const unfinished = (await readOrNull(join(folder, JOURNAL))) !== null;
  const what = unfinished ? 'an unfinished backup: make it whole by the same command first' : 'no backup';
  throw new ArchiveRefused('not_a_backup', `${folder} holds ${what}`);
}

/** @throws ArchiveRefused naming the parts that are missing or are not what was written. */
export async function checkParts(
  folder: string,
  parts: readonly PartFile[],
  { onProgress, signal }: ArchiveOptions,
): Promise<void> {
  const damaged: string[] = [];
  let bytes = 0;
  for (const [n, part] of parts.entries()) {
    signal?.throwIfAborted();
    if (!(await partIsWhole(folder, part, signal))) damaged.push(part.name);
    bytes += part.bytes;
    onProgress?.({ phase: 'checking', part: part.name, rows: n + 1, total: parts.length, bytes });
  }
  if (damaged.length === 0) return;
  const more = damaged.length > NAMED ? ` and ${damaged.length - NAMED} more` : '';
  throw new ArchiveRefused(
    'damaged',
    `${folder}: ${damaged.slice(0, NAMED).join(', ')}${more} missing or damaged: nothing of the backup was loaded now`,
  );
}
