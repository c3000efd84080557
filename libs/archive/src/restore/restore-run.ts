import { from as copyFrom } from 'pg-copy-streams';
import type { OwnConnection } from '#platform';
import type { ArchiveOptions } from '../archive-options.js';
import { ArchiveRefused } from '../archive-refused.js';
import { epochOf } from '../backup/backup-header.js';
import type { BackupManifest } from '../backup/backup-manifest.js';
import { loadHeads } from '../backup/heads.js';
import type { PartFile } from '../files/part-file.js';
import { readPart } from '../files/part-reader.js';
import { ARCHIVED_TABLES, archivedTable } from '../tables.js';
import { finishRestore } from './finish-restore.js';
import { findTarget, takeTarget } from './restore-target.js';
import { checkParts } from './whole-backup.js';

/** Any number that nothing else in the database locks. */
const RESTORE_LOCK = 7_041_766_203;

/** One restore, over one connection: each part in a transaction of its own, with the row that says that it is there. */
export class RestoreRun {
  constructor(
    private readonly connection: OwnConnection,
    private readonly folder: string,
    private readonly manifest: BackupManifest,
    private readonly options: ArchiveOptions,
  ) {}

  async run(): Promise<{ resumed: boolean; epoch: string }> {
    const { connection, folder, manifest, options } = this;
    const { rows } = await connection.query('select pg_try_advisory_lock($1) as mine', [RESTORE_LOCK]);
    if (!rows[0].mine) throw new ArchiveRefused('busy', 'another restore into this database is running');
    const found = await findTarget(connection, manifest);
    const loaded = found ?? new Set();
    const unread = manifest.parts.filter(({ name }) => !loaded.has(name));
    await checkParts(folder, unread, options);
    if (!found) await takeTarget(connection, manifest);
    const done = new Map<string, number>();
    const add = ({ table, rows: count }: PartFile) => done.set(table, (done.get(table) ?? 0) + count);
    manifest.parts.filter(({ name }) => loaded.has(name)).forEach(add);
    for (const part of inOrder(unread)) {
      options.signal?.throwIfAborted();
      await this.load(part, done.get(part.table) ?? 0);
      add(part);
    }
    options.onProgress?.({ phase: 'finishing', part: '', rows: 0, total: null, bytes: 0 });
    const streams = manifest.parts.find(({ table }) => table === 'streams');
    if (!streams) throw new ArchiveRefused('damaged', `${folder}: the manifest lists no streams`);
    await loadHeads(connection, folder, streams, options.signal);
    await finishRestore(connection, manifest);
    return { resumed: found !== null, epoch: await epochOf(connection) };
  }

  private async load(part: PartFile, before: number): Promise<void> {
    const { connection, folder, manifest, options } = this;
    const { name } = archivedTable(part.table);
    const recorded = manifest.tables.find((table) => table.name === name);
    const columns = archivedTable(name).columns.filter((column) => recorded?.columns.includes(column));
    const total = recorded?.rows ?? null;
    const onRows = (rows: number) =>
      options.onProgress?.({
        phase: 'writing',
        part: part.name,
        rows: before + rows,
        total,
        bytes: part.bytes,
      });
    await connection.query('begin');
    try {
      const copy = connection.query(copyFrom(`copy ${name} (${columns.join(', ')}) from stdin`));
      await readPart(folder, part, columns, copy, { onRows, signal: options.signal });
      const row = 'insert into restored_parts (backup_id, part) values ($1, $2)';
      await connection.query(row, [manifest.id, part.name]);
      await connection.query('commit');
    } catch (error) {
      options.signal?.throwIfAborted();
      if (error instanceof ArchiveRefused) throw error;
      throw new Error(`${part.name} could not be loaded: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** Table by table, as they are listed; open turns last, so that no reaper finds one whose events are not there yet. */
function inOrder(parts: readonly PartFile[]): PartFile[] {
  const tables = ARCHIVED_TABLES.map(({ name }) => name).filter((name) => name !== 'turns');
  return [...tables, 'turns'].flatMap((name) => parts.filter(({ table }) => table === name));
}
