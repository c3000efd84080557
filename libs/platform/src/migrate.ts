import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg, { Client } from 'pg';
import { DataSource } from 'typeorm';
import { migrationsIn, type MigrationClass } from '#migrations';
import { projectRoot } from './project-root.js';
import { SchemaNewer } from './schema-newer.js';

/** Any number that nothing else in the database locks; one process migrates at a time. */
const MIGRATION_LOCK = 7_041_766_201;

/**
 * Brings the schema to this code's: the migrations that are missing, all in one transaction, then every SQL function of
 * `libs/<lib>/src/sql` anew, in another. Any number of processes may call it at once: they take turns.
 * @throws SchemaNewer when the database holds a migration that this code does not know; nothing is changed.
 */
export async function migrate(target: { url: string }): Promise<{ applied: string[] }> {
  const lock = new Client({ connectionString: target.url, application_name: 'lol-chat-log migrate' });
  // a server that goes away ends the statement that waits for it too, which is where the error is heard
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const { missing } = await schemaState(lock);
    if (missing.length > 0) await applyMigrations(target.url);
    await recreateFunctions(lock);
    return { applied: missing };
  } finally {
    await lock.end();
  }
}

/**
 * The migrations that the database lacks.
 * @throws SchemaNewer when it holds one that this code does not know.
 */
export async function schemaState(connection: Pick<Client, 'query'>): Promise<{ missing: string[] }> {
  const known = migrationsIn(join(projectRoot(), 'migrations')).map(
    (migration) => new migration().name as string,
  );
  const found = await appliedNames(connection);
  const unknown = found.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new SchemaNewer(unknown);
  return { missing: known.filter((name) => !found.includes(name)) };
}

async function appliedNames(connection: Pick<Client, 'query'>): Promise<string[]> {
  const { rows: table } = await connection.query("SELECT to_regclass('migrations') IS NOT NULL AS exists");
  if (!table[0].exists) return [];
  const { rows } = await connection.query('SELECT name FROM migrations ORDER BY timestamp');
  return rows.map((row) => row.name as string);
}

async function applyMigrations(url: string): Promise<void> {
  const migrations: MigrationClass[] = migrationsIn(join(projectRoot(), 'migrations'));
  const dataSource = new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    migrations,
    poolSize: 1,
    installExtensions: false,
    // a lock that others hold is waited for this long, then the start fails and says so
    extra: { options: '-c lock_timeout=10000' },
  });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations({ transaction: 'all' });
  } finally {
    await dataSource.destroy();
  }
}

/** One file a function, sorted by path; each must be repeatable (CREATE OR REPLACE). */
async function recreateFunctions(connection: Client): Promise<void> {
  const files = functionFiles();
  if (files.length === 0) return;
  await connection.query('BEGIN');
  try {
    for (const file of files) await connection.query(readFileSync(file, 'utf8'));
    await connection.query('COMMIT');
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  }
}

function functionFiles(): string[] {
  const libs = join(projectRoot(), 'libs');
  return readdirSync(libs)
    .map((lib) => join(libs, lib, 'src', 'sql'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.sql'))
        .toSorted()
        .map((name) => join(folder, name)),
    )
    .toSorted();
}
