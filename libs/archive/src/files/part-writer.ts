import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { to as copyTo } from 'pg-copy-streams';
import type { OwnConnection } from '#platform';
import { copyJsonLines } from '../tables.js';
import { ByteTap } from './byte-tap.js';
import { settleFile } from './durable-file.js';
import { LineTap } from './line-tap.js';
import type { PartFile } from './part-file.js';
import { pipe } from './pipe.js';

type PartOptions = { onRows?: (rows: number) => void; signal?: AbortSignal };

/** What a part file is called. */
export function partName(table: string, number: number): string {
  return `${table}-${String(number).padStart(5, '0')}.ndjson.gz`;
}

/**
 * Writes the rows of a query into a part file: one JSON object a line, compressed. The file has its name only when it is whole
 * and on the disk. `last` is its last row.
 */
export async function writePart(
  connection: OwnConnection,
  folder: string,
  name: string,
  query: string,
  { onRows, signal }: PartOptions,
): Promise<Omit<PartFile, 'table' | 'to'> & { last: Record<string, unknown> | null }> {
  const passing = join(folder, `${name}.tmp`);
  const [lines, bytes] = [new LineTap(onRows), new ByteTap()];
  try {
    const rows = connection.query(copyTo(copyJsonLines(query)));
    await pipe([rows, lines, createGzip(), bytes, createWriteStream(passing, { mode: 0o600 })], signal);
    await settleFile(passing, join(folder, name));
  } catch (error) {
    await rm(passing, { force: true });
    throw error;
  }
  const last = lines.last === undefined ? null : (JSON.parse(lines.last) as Record<string, unknown>);
  return { name, rows: lines.lines, bytes: bytes.bytes, sha256: bytes.sha256(), last };
}
