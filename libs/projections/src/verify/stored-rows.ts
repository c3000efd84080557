import type { Queryable } from '#platform';
import type { AnyProjection, ProjectionTarget } from '../projection.js';
import type { AnyTable, ReadModelRow, ReadModelRows } from '../tables/read-model-table.js';

/** Rows read by one statement: a few may be megabytes each. */
const PAGE = 1_000;

/**
 * All rows that one generation has of a stream, by table. Ask in the snapshot that the checkpoint is read in: rows and
 * checkpoint move together.
 */
export async function storedRows(
  q: Queryable,
  { tables }: Pick<AnyProjection, 'tables'>,
  target: Pick<ProjectionTarget, 'generation' | 'streamId'>,
): Promise<ReadModelRows[]> {
  const all: ReadModelRows[] = [];
  for (const table of tables) all.push({ table, rows: await rowsOfTable(q, table, target) });
  return all;
}

async function rowsOfTable(
  q: Queryable,
  table: AnyTable,
  { generation, streamId }: Pick<ProjectionTarget, 'generation' | 'streamId'>,
): Promise<ReadModelRow[]> {
  const key = table.key.join(', ');
  const types = new Map(table.columns.map(({ name, type }) => [name, type]));
  const beyond = table.key.map((name, i) => `$${i + 4}::${types.get(name)}`).join(', ');
  const select = `select ${table.names.join(', ')} from ${table.name}
    where generation = $1 and ${table.streamColumn} = $2`;
  const rows: ReadModelRow[] = [];
  for (;;) {
    const last = rows.at(-1);
    const after = last ? table.key.map((name) => last[name]) : [];
    const sql = `${select} ${last ? `and (${key}) > (${beyond})` : ''} order by ${key} limit $3`;
    const page = await q.query<ReadModelRow>(sql, [generation, streamId, PAGE, ...after]);
    rows.push(...page);
    if (page.length < PAGE) return rows;
  }
}
