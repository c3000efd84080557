import type { ReadModelRow, ReadModelRows } from '../tables/read-model-table.js';
import type { ComparedRows } from './comparable-rows.js';

/** The rows of one table that show how things stand now, told apart by `key`; only the columns of `rows` are compared. */
export type ExpectedRows = { table: string; key: readonly string[]; rows: ReadModelRow[] };

/** Of the stored rows those that stand, with the columns that are expected, beside the expected ones. */
export function besideCurrent(
  stored: readonly ReadModelRows[],
  expected: readonly ExpectedRows[],
): { stored: ComparedRows[]; expected: ComparedRows[] } {
  const both = { stored: [] as ComparedRows[], expected: [] as ComparedRows[] };
  for (const { table: name, key, rows } of expected) {
    const found = stored.find(({ table }) => table.name === name);
    // a later version of the projection may have no such table
    if (!found) continue;
    const table = { name, key, columns: found.table.columns, growing: found.table.growing };
    const known = new Set(found.table.names);
    const columns = Object.keys(rows[0] ?? {}).filter((column) => known.has(column));
    const pruned = (row: ReadModelRow) => Object.fromEntries(columns.map((column) => [column, row[column]]));
    both.expected.push({ table, rows: rows.map(pruned) });
    const current = currentRows(found);
    both.stored.push({ table, rows: rows.length > 0 ? current.map(pruned) : current });
  }
  return both;
}

/** Those that are valid still; of the track, whose rows are for ever, the last one. */
export function currentRows({ table, rows }: ReadModelRows): ReadModelRow[] {
  if (table.name === 'moments') return rows.toSorted((a, b) => Number(a.seq) - Number(b.seq)).slice(-1);
  return table.columns.some(({ name }) => name === 'valid_to')
    ? rows.filter((row) => row.valid_to == null)
    : rows;
}
