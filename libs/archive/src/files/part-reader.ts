import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArchiveRefused } from '../archive-refused.js';
import { ByteTap } from './byte-tap.js';
import { LineSplitter } from './line-splitter.js';
import type { PartFile } from './part-file.js';
import { pipe } from './pipe.js';
import { RowLines } from './row-lines.js';

/** Whether the file is there and is, byte for byte, what was written. */
export async function partIsWhole(folder: string, part: PartFile, signal?: AbortSignal): Promise<boolean> {
  const bytes = new ByteTap();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipe([createReadStream(join(folder, part.name)), bytes, nowhere], signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  return bytes.bytes === part.bytes && bytes.sha256() === part.sha256;
}

/**
 * Sends the rows of a part to a COPY, the given columns of each. Rejects at the end where the file is not what was written,
 * so that the caller's transaction is rolled back.
 */
export async function readPart(
  folder: string,
  part: PartFile,
  columns: readonly string[],
  copy: Writable,
  { onRows, signal }: { onRows?: (rows: number) => void; signal?: AbortSignal } = {},
): Promise<void> {
  const [bytes, rows] = [new ByteTap(), new RowLines(columns, onRows)];
  const file = createReadStream(join(folder, part.name));
  await pipe([file, bytes, createGunzip(), new LineSplitter(), rows, copy], signal);
  if (bytes.sha256() !== part.sha256)
    throw new ArchiveRefused('damaged', `${part.name} was changed while it was read`);
  if (rows.count !== part.rows)
    throw new ArchiveRefused('damaged', `${part.name} has ${rows.count} rows, not ${part.rows}`);
}
