import { open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settleFile } from '../files/durable-file.js';
import type { PartFile } from '../files/part-file.js';
import { readOrNull, type BackupHeader } from './backup-manifest.js';

export const JOURNAL = 'unfinished.ndjson';

/**
 * What an unfinished backup has: its header, then a line for each part, written when the part is whole. The header comes with
 * the parts that were read together with the heads, so there are all of these or none.
 */
export class BackupJournal {
  private constructor(
    private readonly folder: string,
    readonly header: BackupHeader,
    readonly parts: PartFile[],
  ) {}

  /** Null: nothing was begun. A last line that was not written to its end is dropped. */
  static async find(folder: string): Promise<BackupJournal | null> {
    const text = await readOrNull(join(folder, JOURNAL));
    if (text === null) return null;
    const [header, ...parts] = text
      .slice(0, text.lastIndexOf('\n'))
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    return new BackupJournal(folder, header as BackupHeader, parts as PartFile[]);
  }

  static async begin(folder: string, header: BackupHeader, parts: PartFile[]): Promise<BackupJournal> {
    const journal = new BackupJournal(folder, header, parts);
    await journal.rewrite();
    return journal;
  }

  async add(part: PartFile): Promise<void> {
    const handle = await open(join(this.folder, JOURNAL), 'a', 0o600);
    try {
      await handle.write(`${JSON.stringify(part)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.parts.push(part);
  }

  /** Forgets the parts from the n-th on: they are made again. */
  async keep(count: number): Promise<void> {
    this.parts.length = count;
    await this.rewrite();
  }

  /** The backup is whole. */
  async end(): Promise<void> {
    await rm(join(this.folder, JOURNAL), { force: true });
  }

  private async rewrite(): Promise<void> {
    const file = join(this.folder, JOURNAL);
    const lines = [this.header, ...this.parts].map((line) => `${JSON.stringify(line)}\n`);
    await writeFile(`${file}.tmp`, lines.join(''), { mode: 0o600 });
    await settleFile(`${file}.tmp`, file);
  }
}
