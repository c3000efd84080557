import { Database } from '#platform';
import { UsageError } from '../cli/usage-error.js';
import type { LolRow } from './lol-rows.js';

export type LolTable = 'conversations' | 'messages' | 'projects';

/** What is read of each table; those in `needed` must be there. */
const columnsOf: Record<LolTable, { needed: string[]; more: string[] }> = {
  conversations: { needed: ['id'], more: ['projectId', 'title', 'createdAt'] },
  messages: {
    needed: ['id', 'conversationId', 'role', 'content'],
    more: [
      'projectId',
      'toolName',
      'toolCall',
      'toolResult',
      'streamingStatus',
      'metadata',
      'createdAt',
      'sequence',
    ],
  },
  projects: { needed: ['id', 'files'], more: ['title', 'metadata', 'createdAt'] },
};

const FIND = `select column_name as name from information_schema.columns
  where table_schema = current_schema() and table_name = $1`;
const PAGE = 500;

/** The LOL app's own database, read and never written. Its columns may be in snake_case or camelCase. */
export class LolSource {
  private constructor(
    private readonly database: Database,
    /** By table: camelCase name → the column's own. */
    private readonly columns: Record<LolTable, Map<string, string>>,
  ) {}

  /** @throws UsageError where it is no LOL database; the database's error */
  static async open(url: string): Promise<LolSource> {
    const database = await Database.connect({ url, poolSize: 2, applicationName: 'lol-chat-log import-lol' });
    try {
      const columns = {
        conversations: await findColumns(database, 'conversations'),
        messages: await findColumns(database, 'messages'),
        projects: await findColumns(database, 'projects'),
      };
      return new LolSource(database, columns);
    } catch (error) {
      await database.end();
      throw error;
    }
  }

  async count(table: LolTable): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(`select count(*) as count from ${table}`);
    return row?.count ?? 0;
  }

  /** All rows, in the order of their ids; a page is held at a time. */
  async *all(table: 'conversations' | 'projects'): AsyncGenerator<LolRow> {
    const id = this.column(table, 'id');
    for (let last: unknown; ;) {
      // it has the type of the column, whatever that is
      const after = last === undefined ? '' : `where ${id} > $1`;
      const rows: LolRow[] = await this.database.query<LolRow>(
        `select ${this.selected(table)} from ${table} ${after} order by ${id} limit ${PAGE}`,
        last === undefined ? [] : [last],
      );
      yield* rows;
      if (rows.length < PAGE) return;
      last = rows.at(-1)!.id;
    }
  }

  /** A conversation's messages in the order in which they were said: by time, then by their number within the turn. */
  async messages(conversationId: unknown): Promise<LolRow[]> {
    const order = ['createdAt', 'sequence', 'id'].flatMap((name) => this.columns.messages.get(name) ?? []);
    return this.database.query<LolRow>(
      `select ${this.selected('messages')} from messages where ${this.column('messages', 'conversationId')} = $1
       order by ${order.map((name) => `${quoted(name)} nulls first`).join(', ')}`,
      [conversationId],
    );
  }

  /** Messages whose conversation is not there. */
  async orphans(limit: number): Promise<LolRow[]> {
    const [own, other] = [this.column('messages', 'conversationId'), this.column('conversations', 'id')];
    return this.database.query<LolRow>(
      `select m.${this.column('messages', 'id')} as id from messages m
       where not exists (select from conversations c where c.${other} = m.${own}) order by 1 limit $1`,
      [limit],
    );
  }

  close(): Promise<void> {
    return this.database.end();
  }

  private column(table: LolTable, name: string): string {
    return quoted(this.columns[table].get(name)!);
  }

  private selected(table: LolTable): string {
    return [...this.columns[table]]
      .map(([name, column]) => `${quoted(column)} as ${quoted(name)}`)
      .join(', ');
  }
}

async function findColumns(database: Database, table: LolTable): Promise<Map<string, string>> {
  const rows = await database.query<{ name: string }>(FIND, [table]);
  const byPlainName = new Map(rows.map(({ name }) => [plain(name), name]));
  if (byPlainName.has('generation'))
    throw new UsageError(`<postgres-url>: its table ${table} is this service's own, not the LOL app's`);
  const { needed, more } = columnsOf[table];
  const missing = needed.filter((name) => !byPlainName.has(plain(name)));
  if (rows.length === 0) throw new UsageError(`<postgres-url>: there is no table ${table} in it`);
  if (missing.length > 0)
    throw new UsageError(`<postgres-url>: its table ${table} has no column ${missing.join(', ')}`);
  return new Map(
    [...needed, ...more].flatMap((name) => {
      const column = byPlainName.get(plain(name));
      return column === undefined ? [] : [[name, column] as const];
    }),
  );
}

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
