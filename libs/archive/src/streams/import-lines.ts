import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { CopyValue } from '#platform';
import { ArchiveRefused } from '../archive-refused.js';
import { LineSplitter } from '../files/line-splitter.js';
import {
  EXPORT_FORMAT,
  EXPORT_VERSION,
  EXPORTED_TABLES,
  type ExportedTable,
  type ExportEnd,
  type ExportHeader,
} from './export-format.js';

export type ImportedRow = { table: ExportedTable; row: Record<string, CopyValue> };

/**
 * The rows of an exported stream, in the order of the tables; then it is known that nothing is missing or changed.
 * @throws ArchiveRefused where it is no export, or not a whole one.
 */
export async function* readExport(
  from: Readable,
  onHeader: (header: ExportHeader) => void,
): AsyncGenerator<ImportedRow> {
  const hash = createHash('sha256');
  let [lines, before, table] = [0, null as string | null, 0];
  for await (const { text } of from.pipe(forwardErrors(from, new LineSplitter())) as AsyncIterable<{
    text: string;
  }>) {
    if (before !== null) {
      hash.update(`${before}\n`);
      if (lines === 1) onHeader(headerOf(before));
      else {
        const found = rowOf(before, lines);
        const place = EXPORTED_TABLES.indexOf(found.table);
        if (place < table) damaged(`line ${lines} stands out of order`);
        table = place;
        yield found;
      }
    }
    before = text;
    lines += 1;
  }
  const { end, count, sha256 } = objectOf(before ?? '', lines) as Partial<ExportEnd>;
  if (lines < 2 || end !== true) damaged('its last line is missing: the file was cut off');
  if (count !== lines - 2) damaged(`it has ${lines - 2} lines where its last one says ${count}`);
  if (sha256 !== hash.digest('hex')) damaged('its SHA-256 is not what its last line says: it was changed');
}

function forwardErrors(from: Readable, to: LineSplitter): LineSplitter {
  from.once('error', (error) => to.destroy(error));
  return to;
}

function headerOf(text: string): ExportHeader {
  const header = objectOf(text, 1) as Partial<ExportHeader>;
  if (header.format !== EXPORT_FORMAT)
    throw new ArchiveRefused(
      'damaged',
      'this is no exported stream: its first line does not say that it is one',
    );
  if (header.version !== EXPORT_VERSION)
    throw new ArchiveRefused(
      'damaged',
      `the export has format ${header.version}, this program reads ${EXPORT_VERSION}`,
    );
  return header as ExportHeader;
}

function rowOf(text: string, line: number): ImportedRow {
  const object = objectOf(text, line);
  const [table] = Object.keys(object);
  if (!EXPORTED_TABLES.includes(table as ExportedTable)) damaged(`line ${line} is of no known kind`);
  return { table: table as ExportedTable, row: object[table!] as ImportedRow['row'] };
}

function objectOf(text: string, line: number): Record<string, unknown> {
  try {
    const value = JSON.parse(text) as Record<string, unknown> | null;
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new ArchiveRefused('damaged', `the export is damaged: line ${line} is no JSON`, { cause });
  }
  return damaged(`line ${line} is no object`);
}

function damaged(what: string): never {
  throw new ArchiveRefused('damaged', `the export is damaged: ${what}`);
}
