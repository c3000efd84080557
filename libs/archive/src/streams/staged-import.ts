import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { inflateSync } from 'node:zlib';
import { from as copyFrom } from 'pg-copy-streams';
import { copyLine, type OwnConnection } from '#platform';
import { ArchiveRefused } from '../archive-refused.js';
import { archivedTable } from '../tables.js';
import { EXPORTED_TABLES, type ExportedTable } from './export-format.js';
import type { ImportedRow } from './import-lines.js';

/** Brings rows into temporary tables `import_<table>`, so that they can be looked at as a whole before one is kept. */
export async function stageRows(connection: OwnConnection, rows: AsyncIterable<ImportedRow>): Promise<void> {
  for (const table of EXPORTED_TABLES)
    await connection.query(`create temp table import_${table} (like ${table}) on commit drop`);
  let open: StagingCopy | undefined;
  for await (const { table, row } of rows) {
    if (table === 'blobs') requireContent(row);
    if (open?.table !== table) {
      await open?.end();
      open = new StagingCopy(connection, table);
    }
    await open.write(row);
  }
  await open?.end();
  for (const table of EXPORTED_TABLES) await connection.query(`analyze import_${table}`);
}

/** A COPY into one of the temporary tables. What the server has against a row rejects the next write, or the end. */
class StagingCopy {
  private readonly copy: Writable;
  private readonly done: Promise<void>;

  constructor(
    connection: OwnConnection,
    readonly table: ExportedTable,
  ) {
    const columns = archivedTable(table).columns.join(', ');
    this.copy = connection.query(copyFrom(`copy import_${table} (${columns}) from stdin`));
    this.done = finished(this.copy).catch((error: Error) => {
      throw new ArchiveRefused('damaged', `a row of ${table} cannot be read: ${error.message}`, {
        cause: error,
      });
    });
    // it is heard where something waits for it
    this.done.catch(() => undefined);
  }

  async write(row: ImportedRow['row']): Promise<void> {
    const line = copyLine(archivedTable(this.table).columns.map((column) => row[column]));
    if (!this.copy.write(line)) await Promise.race([once(this.copy, 'drain'), this.done]);
  }

  async end(): Promise<void> {
    this.copy.end();
    await this.done;
  }
}

/** A content under the name of another one would be shown as it. */
function requireContent({ sha256, size, key_id: key, deflated }: ImportedRow['row']): void {
  if (key !== null)
    throw new ArchiveRefused('damaged', `blob ${String(sha256)} is encrypted: it cannot be imported`);
  const bytes = Buffer.from(String(deflated).slice(2), 'hex');
  if (hashOf(bytes, Number(size)) !== sha256)
    throw new ArchiveRefused('damaged', `the export is damaged: blob ${String(sha256)} has another content`);
}

/** Null: not to be inflated, or to something larger. */
function hashOf(deflated: Buffer, size: number): string | null {
  try {
    const content = inflateSync(deflated, { maxOutputLength: size + 1 });
    return createHash('sha256').update(content).digest('hex');
  } catch {
    // whatever is wrong with it: it is not the content that its name says
    return null;
  }
}
