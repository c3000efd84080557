import { canonicalJson } from '#model';
import type { AnyTable, ReadModelRow } from '../tables/read-model-table.js';

/** What must be known of a table to compare rows of it. */
export type ComparedTable = Pick<AnyTable, 'name' | 'key' | 'columns' | 'growing'>;
export type ComparedRows = { table: ComparedTable; rows: readonly ReadModelRow[] };
/** The rows of one table as they are compared, by their keys. */
export type ComparableRows = { table: ComparedTable; byKey: Map<string, ReadModelRow> };

/** Left out: rows of different generations are compared, and `written_at` is of no fold. */
const apart = new Set(['generation', 'written_at']);

/** The rows of each table in the order of their keys, whatever order they came in. Two of one key: the later one is taken. */
export function comparableRows(all: readonly ComparedRows[]): ComparableRows[] {
  return all
    .map(({ table, rows }) => {
      const types = new Map(table.columns.map(({ name, type }) => [name, type]));
      const entries = rows.map((row): [string, ReadModelRow] => {
        const plain = Object.fromEntries(
          Object.entries(row)
            .filter(([name]) => !apart.has(name))
            .map(([name, value]) => [name, plainValue(value, types.get(name))]),
        );
        return [canonicalJson(table.key.map((name) => plain[name])), plain];
      });
      return { table, byKey: new Map(entries.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
    })
    .toSorted((a, b) => (a.table.name < b.table.name ? -1 : 1));
}

/** The columns of the row that count: while it is in flight those that grow lag its checkpoint, so they do not. */
export function countedColumns(table: ComparedTable, row: ReadModelRow): string[] {
  const names = Object.keys(row);
  return row.in_flight == null ? names : names.filter((name) => !table.growing.includes(name));
}

/** As the database gives it back: whole milliseconds, small letters. */
function plainValue(value: unknown, type: string | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'uuid' && typeof value === 'string') return value.toLowerCase();
  if (type !== 'timestamptz') return value;
  const time = new Date(value as string | Date);
  return Number.isNaN(time.getTime()) ? value : time.toISOString();
}
