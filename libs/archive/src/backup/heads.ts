import { from as copyFrom } from 'pg-copy-streams';
import type { OwnConnection } from '#platform';
import type { PartFile } from '../files/part-file.js';
import { readPart } from '../files/part-reader.js';

/**
 * Brings the heads that a backup recorded into the temporary table `backup_heads` of this connection: every part of the backup
 * is cut at them, whenever it is read.
 */
export async function loadHeads(
  connection: OwnConnection,
  folder: string,
  streams: PartFile,
  signal?: AbortSignal,
): Promise<void> {
  const columns = ['stream_id', 'first_seq', 'head'];
  await connection.query(
    'create temp table backup_heads (stream_id uuid primary key, first_seq bigint not null, head bigint not null)',
  );
  const copy = connection.query(copyFrom(`copy backup_heads (${columns.join(', ')}) from stdin`));
  await readPart(folder, streams, columns, copy, { signal });
  await connection.query('analyze backup_heads');
}
