import type { Queryable } from '#platform';

/** What the migrations' own bookkeeping and BullMQ keep is not ours to describe. */
const OURS = `n.nspname = 'public' AND c.relname NOT LIKE 'migrations%'`;

type Row = { owner: string; line: string };

/**
 * The schema as text, the same for the same schema on any supported server: tables with columns, constraints, partitions and
 * settings, then indexes, triggers and functions, each sorted by name. For people to review and a test to compare.
 */
export async function describeSchema(database: Queryable): Promise<string> {
  const tables = await database.query<{ name: string; key: string | null; options: string | null }>(
    `SELECT c.relname AS name, CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS key, array_to_string(c.reloptions, ', ') AS options
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY c.relname`,
  );
  const [columns, constraints, partitions] = [
    await columnLines(database),
    await constraintLines(database),
    await partitionLines(database),
  ];
  const parts = tables.map(({ name, key, options }) => {
    const body = [...own(columns, name), ...own(constraints, name)].map((line) => `  ${line}`).join(',\n');
    const tail = `${key ? ` PARTITION BY ${key}` : ''}${options ? ` WITH (${options})` : ''};`;
    return [`CREATE TABLE ${name} (\n${body}\n)${tail}`, ...own(partitions, name)].join('\n');
  });
  const others = [
    await extensionLines(database),
    await indexLines(database),
    await triggerLines(database),
    await functionLines(database),
  ];
  return [...parts, ...others.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))]
    .join('\n\n')
    .concat('\n');
}

function own(rows: Row[], table: string): string[] {
  return rows.filter(({ owner }) => owner === table).map(({ line }) => line);
}

function columnLines(database: Queryable): Promise<Row[]> {
  return database.query<Row>(
    `SELECT c.relname AS owner, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
       || CASE WHEN a.attgenerated <> '' THEN ' GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
               WHEN d.adbin IS NOT NULL THEN ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) ELSE '' END AS line
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE ${OURS} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY c.relname, a.attnum`,
  );
}

/** PostgreSQL 18 lists NOT NULL here too ('n'); the columns say it already. */
function constraintLines(database: Queryable): Promise<Row[]> {
  return database.query<Row>(
    `SELECT c.relname AS owner, 'CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS line
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND k.contype NOT IN ('n', 't') ORDER BY c.relname, k.conname`,
  );
}

function partitionLines(database: Queryable): Promise<Row[]> {
  return database.query<Row>(
    `SELECT p.relname AS owner, 'CREATE TABLE ' || c.relname || ' PARTITION OF ' || p.relname || ' ' || pg_get_expr(c.relpartbound, c.oid)
       || CASE WHEN c.reloptions IS NULL THEN '' ELSE ' WITH (' || array_to_string(c.reloptions, ', ') || ')' END || ';' AS line
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND c.relkind IN ('r', 'p') ORDER BY p.relname, length(c.relname), c.relname`,
  );
}

/** By name: what they make is theirs. One is there in every database. */
async function extensionLines(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT 'CREATE EXTENSION ' || extname || ';' AS line FROM pg_extension WHERE extname <> 'plpgsql' ORDER BY extname`,
  );
  return rows.map(({ line }) => line);
}

/** Without those of keys, and without a partition's copies of its parent's. */
async function indexLines(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT pg_get_indexdef(c.oid) || ';' AS line
     FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND NOT c.relispartition AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = c.oid)
       AND (SELECT t.relname FROM pg_class t WHERE t.oid = x.indrelid) NOT LIKE 'migrations%' ORDER BY c.relname`,
  );
  return rows.map(({ line }) => line);
}

async function triggerLines(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT pg_get_triggerdef(t.oid) || ';' AS line
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE ${OURS} AND NOT t.tgisinternal AND t.tgparentid = 0 ORDER BY c.relname, t.tgname`,
  );
  return rows.map(({ line }) => line);
}

async function functionLines(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ line: string }>(
    `SELECT pg_get_functiondef(f.oid) || ';' AS line FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
     WHERE n.nspname = 'public' AND NOT EXISTS (
       SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND d.deptype = 'e')
     ORDER BY f.proname, pg_get_function_identity_arguments(f.oid)`,
  );
  return rows.map(({ line }) => line);
}
