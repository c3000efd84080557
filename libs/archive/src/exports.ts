import { Readable, type Writable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Database, withOwnConnection, type OwnConnection } from '#platform';
import type { ArchiveOptions } from './archive-options.js';
import { ArchiveRefused } from './archive-refused.js';
import { pipe } from './files/pipe.js';
import { EXPORT_FORMAT, EXPORT_VERSION, type ExportHeader } from './streams/export-format.js';
import { ExportLines } from './streams/export-lines.js';
import { chooseStreams } from './streams/export-queries.js';
import { readExport } from './streams/import-lines.js';
import { mergeImport, type Added } from './streams/merge-import.js';
import { stageRows } from './streams/staged-import.js';

/** `streams`: with the ancestors. */
export type ExportReport = {
  streamId: string;
  kind: string;
  streams: number;
  events: number;
  blobs: number;
  bytes: number;
  sha256: string;
};

/** `extended`: the log had the beginning of some of it. The numbers are of what was added. */
export type ImportReport = Added & {
  streamId: string;
  kind: string;
  outcome: 'imported' | 'extended' | 'already_there';
};

type Signal = Pick<ArchiveOptions, 'signal'>;

/** One conversation or project as one NDJSON file, byte for byte, with all that it shows: its ancestors, its contents. */
@Injectable()
export class Exports {
  constructor(private readonly database: Database) {}

  /**
   * Writes the stream as of one moment, and ends `to`. Ancestors go along up to where it was forked off. Keys of commands do not:
   * they belong to the clients of this log.
   * @throws ArchiveRefused where there is no such stream.
   */
  exportStream(id: string, to: Writable, { signal }: Signal = {}): Promise<ExportReport> {
    return withOwnConnection(this.database.url, 'export', async (connection) => {
      await connection.query("set bytea_output = 'hex'");
      await connection.query('begin isolation level repeatable read');
      const header = await headerOf(connection, id);
      const lines = new ExportLines(connection, header);
      await pipe([Readable.from(lines.read(), { objectMode: false }), to], signal);
      await connection.query('commit');
      const { streams, events, blobs } = lines.rows;
      const { bytes, sha256 } = lines;
      return { streamId: header.streamId, kind: header.kind, streams, events, blobs, bytes, sha256 };
    });
  }

  /**
   * Adds an exported stream to this log under its own ids, tenant and owner: all of it, or nothing. Repeating it changes nothing.
   * A turn that is open where it ends is interrupted by the reaper.
   * @throws ArchiveRefused where the file is damaged, or the log has something else under an id of it.
   */
  importStream(from: Readable, { signal }: Signal = {}): Promise<ImportReport> {
    return withOwnConnection(this.database.url, 'import', async (connection) => {
      let header: ExportHeader | undefined;
      const stop = () => from.destroy(signal?.reason as Error);
      signal?.throwIfAborted();
      signal?.addEventListener('abort', stop, { once: true });
      try {
        await connection.query('begin isolation level read committed');
        await stageRows(
          connection,
          readExport(from, (found) => (header = found)),
        );
        const { rows } = await connection.query(
          'select exists (select from import_streams i join streams s using (stream_id)) as known',
        );
        const added = await mergeImport(connection);
        await connection.query('commit');
        const nothing = added.streams + added.events === 0;
        const outcome = nothing ? 'already_there' : rows[0].known ? 'extended' : 'imported';
        return { streamId: header!.streamId, kind: header!.kind, outcome, ...added };
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    });
  }
}

async function headerOf(connection: OwnConnection, id: string): Promise<ExportHeader> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id))
    throw new ArchiveRefused('absent', `${id} is no id of a conversation or project: expected a UUID`);
  const streamId = id.toLowerCase();
  const chosen = await chooseStreams(connection, streamId);
  if (!chosen) throw new ArchiveRefused('absent', `there is no conversation or project ${streamId}`);
  const { kind, encrypted } = chosen;
  if (encrypted)
    throw new ArchiveRefused(
      'absent',
      `event ${encrypted.seq} of ${encrypted.stream_id} is encrypted: what it names cannot be exported`,
    );
  const { rows } = await connection.query('select epoch, now() as at from log_epoch()');
  const { epoch, at: exportedAt } = rows[0] as { epoch: string; at: string };
  return { format: EXPORT_FORMAT, version: EXPORT_VERSION, streamId, kind, epoch, exportedAt };
}
