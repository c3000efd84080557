import type { OwnConnection } from '#platform';
import type { ArchiveOptions } from '../archive-options.js';
import { ArchiveRefused } from '../archive-refused.js';
import { partIsWhole } from '../files/part-reader.js';
import { partName, writePart } from '../files/part-writer.js';
import type { PartFile } from '../files/part-file.js';
import { ARCHIVED_TABLES, columnsOf, type ArchivedTable } from '../tables.js';
import { BackupJournal } from './backup-journal.js';
import { epochOf, newHeader } from './backup-header.js';
import { writeManifest, type BackupHeader, type BackupManifest } from './backup-manifest.js';
import { loadHeads } from './heads.js';
import { eventsPart, keyedPart, type PartQuery } from './part-queries.js';

const HEAD = `coalesce((select e.seq from events e where e.stream_id = t.stream_id order by e.seq desc limit 1), t.first_seq - 1) as head`;

/**
 * One backup, over one connection. First the heads of all streams are read in one snapshot, with the small tables that change;
 * everything else is only ever added to, so it may be read later, part by part, cut at those heads: the whole is the log as
 * it was at the first snapshot. No transaction stays open, and a part that is read after an interruption fits the others.
 */
export class BackupRun {
  constructor(
    private readonly connection: OwnConnection,
    private readonly folder: string,
    private readonly partRows: number,
    private readonly options: ArchiveOptions,
  ) {}

  async run(): Promise<{ manifest: BackupManifest; resumed: boolean }> {
    await this.connection.query("set bytea_output = 'hex'; set enable_seqscan = off; set jit = off");
    const found = await BackupJournal.find(this.folder);
    if (found) await this.keepWholeParts(found);
    const journal = found && found.parts.length > 0 ? found : await this.begin();
    const { header, parts } = journal;
    await this.prepare(header, parts);
    for (const table of ARCHIVED_TABLES) if (table.key) await this.readTable(table, journal);
    const tables = ARCHIVED_TABLES.map(({ name, columns }) => {
      const rows = parts.filter((part) => part.table === name).reduce((sum, part) => sum + part.rows, 0);
      return { name, columns: [...columns], rows };
    });
    const manifest = { ...header, endedAt: new Date().toISOString(), tables, parts };
    await writeManifest(this.folder, manifest);
    await journal.end();
    return { manifest, resumed: journal === found };
  }

  /** What follows a damaged part is made again. @throws ArchiveRefused where the log is another one by now. */
  private async keepWholeParts(journal: BackupJournal): Promise<void> {
    const epoch = await epochOf(this.connection);
    if (journal.header.epoch !== epoch)
      throw new ArchiveRefused(
        'other_log',
        `${this.folder} holds the beginning of a backup of another log (epoch ${journal.header.epoch}, not ${epoch}): use an empty folder`,
      );
    let [whole, bytes] = [0, 0];
    for (const part of journal.parts) {
      if (!(await partIsWhole(this.folder, part, this.options.signal))) break;
      whole += 1;
      bytes += part.bytes;
      this.report('checking', part.name, whole, journal.parts.length, bytes);
    }
    // those that were read with the heads fit only together
    const together = ARCHIVED_TABLES.filter(({ key }) => !key).length;
    if (whole < journal.parts.length) await journal.keep(whole < together ? 0 : whole);
  }

  private async begin(): Promise<BackupJournal> {
    const { connection } = this;
    await connection.query('begin isolation level repeatable read');
    const parts: PartFile[] = [];
    for (const table of ARCHIVED_TABLES) {
      if (table.key) continue;
      const head = table.name === 'streams' ? `, ${HEAD}` : '';
      const order = table.columns[0]!;
      const query = `select ${columnsOf(table, 't')}${head} from ${table.name} t order by t.${order}`;
      parts.push(await this.readPart(table, 1, { query }, null));
    }
    const header = await newHeader(connection);
    await connection.query('commit');
    return BackupJournal.begin(this.folder, header, parts);
  }

  /** What the queries of parts join. */
  private async prepare(header: BackupHeader, parts: readonly PartFile[]): Promise<void> {
    const streams = parts.find(({ table }) => table === 'streams')!;
    await loadHeads(this.connection, this.folder, streams, this.options.signal);
    await this.connection.query('create temp table backup_last_seal (seal bigint not null)');
    await this.connection.query('insert into backup_last_seal values ($1)', [header.anchor?.seal ?? 0]);
  }

  private async readTable(table: ArchivedTable, journal: BackupJournal): Promise<void> {
    const rows = Math.max(1, Math.ceil(this.partRows * (table.share ?? 1)));
    const total = table.name === 'events' ? await this.eventsTotal() : null;
    for (;;) {
      const done = journal.parts.filter((part) => part.table === table.name);
      const last = done.at(-1);
      if (last?.to === null) return;
      const query =
        table.name === 'events'
          ? await eventsPart(this.connection, table, last?.to ?? null, rows)
          : keyedPart(this.connection, table, last?.to ?? null, rows);
      if (!query) return;
      const before = done.reduce((sum, part) => sum + part.rows, 0);
      const part = await this.readPart(table, done.length + 1, query, total, before);
      if (query.rows === undefined && part.rows < rows) part.to = null;
      await journal.add(part);
    }
  }

  private async readPart(
    table: ArchivedTable,
    number: number,
    { query, to, rows }: PartQuery,
    total: number | null,
    before = 0,
  ): Promise<PartFile> {
    const { signal } = this.options;
    signal?.throwIfAborted();
    const name = partName(table.name, number);
    const onRows = (read: number) => this.report('reading', name, before + read, total, 0);
    const { last, ...part } = await writePart(this.connection, this.folder, name, query, { onRows, signal });
    if (rows !== undefined && part.rows !== rows)
      throw new ArchiveRefused(
        'inconsistent',
        `${name} has ${part.rows} events where the heads say ${rows}: events are missing in the log between ` +
          `${JSON.stringify(to)} and the part before it`,
      );
    this.report('reading', name, before + part.rows, total, part.bytes);
    const key = last && table.key ? table.key.map((column) => last[column] as string | number) : null;
    return { ...part, table: table.name, to: to ?? key };
  }

  private async eventsTotal(): Promise<number> {
    const sum = 'select coalesce(sum(head - first_seq + 1), 0)::bigint as events from backup_heads';
    return (await this.connection.query(sum)).rows[0].events as number;
  }

  private report(
    phase: 'checking' | 'reading',
    part: string,
    rows: number,
    total: number | null,
    bytes: number,
  ): void {
    this.options.onProgress?.({ phase, part, rows, total, bytes });
  }
}
