import { createHash } from 'node:crypto';
import { to as copyTo } from 'pg-copy-streams';
import type { OwnConnection } from '#platform';
import { copyJsonLines } from '../tables.js';
import { EXPORTED_TABLES, type ExportEnd, type ExportHeader } from './export-format.js';
import { exportQuery } from './export-queries.js';

const NEWLINE = 10;

/** The bytes of an export as they are read, and what they were so far. */
export class ExportLines {
  bytes = 0;
  /** Of each table. */
  readonly rows = { streams: 0, blobs: 0, events: 0, entities: 0, turns: 0 };
  sha256 = '';
  private readonly hash = createHash('sha256');

  constructor(
    private readonly connection: OwnConnection,
    private readonly header: ExportHeader,
  ) {}

  async *read(): AsyncGenerator<Buffer> {
    yield this.passed(Buffer.from(`${JSON.stringify(this.header)}\n`));
    for (const table of EXPORTED_TABLES) {
      const query = `select r as ${table} from (${exportQuery(table)}) r`;
      for await (const chunk of this.connection.query(copyTo(copyJsonLines(query)))) {
        this.rows[table] += newlines(chunk as Buffer);
        yield this.passed(chunk as Buffer);
      }
    }
    this.sha256 = this.hash.digest('hex');
    const count = Object.values(this.rows).reduce((sum, rows) => sum + rows, 0);
    const last = Buffer.from(
      `${JSON.stringify({ end: true, count, sha256: this.sha256 } satisfies ExportEnd)}\n`,
    );
    this.bytes += last.length;
    yield last;
  }

  private passed(chunk: Buffer): Buffer {
    this.hash.update(chunk);
    this.bytes += chunk.length;
    return chunk;
  }
}

function newlines(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
