import { probeAppend } from '#event-log';
import { assertSafeDatabase, Database, UnsafeDatabase } from '#platform';
import { size } from '../cli/table.js';
import { type Check, checked, fail, ok, warn } from './check.js';

const CLOCK = 'select extract(epoch from clock_timestamp())::float8 * 1000 as now';
const FACTS = `select current_setting('server_version') as version,
  pg_database_size(current_database()) as bytes,
  (select count(*) from pg_stat_activity)::integer as used,
  current_setting('max_connections')::integer as most`;

type Facts = { version: string; bytes: number; used: number; most: number };

/** Seconds that the clocks may differ before someone wonders about times; order and leases go by the database's alone. */
const CLOCK_SECONDS = 2;
/** So slow a statement, and the whole service feels it. */
const SLOW_MS = 250;

/** The server, its settings, its clock, and whether it takes an append. */
export async function databaseChecks(database: Database): Promise<Check[]> {
  const checks = [
    () => checked('PostgreSQL', () => factChecks(database)),
    () => checked('durability', () => safetyCheck(database)),
    () => checked('clock', () => clockCheck(database)),
    () => checked('append', () => appendCheck(database)),
  ];
  const found: Check[] = [];
  for (const check of checks) found.push(...(await check()));
  return found;
}

async function factChecks(database: Database): Promise<Check[]> {
  const [facts] = await database.query<Facts>(FACTS);
  const { version, bytes, used, most } = facts!;
  const connections = `${used} of ${most} in use`;
  return [
    ok('PostgreSQL', `${version}, ${size(bytes)}`),
    used > most * 0.9
      ? warn('connections', connections, 'raise max_connections, or run fewer processes: each takes about 30')
      : ok('connections', connections),
  ];
}

async function safetyCheck(database: Database): Promise<Check> {
  try {
    await assertSafeDatabase(database);
    return ok('durability', 'fsync, full_page_writes and synchronous_commit are on, the encoding is UTF8');
  } catch (error) {
    if (!(error instanceof UnsafeDatabase)) throw error;
    return fail(
      'durability',
      error.reasons.join('; '),
      'put the settings right: no process of the service starts with them',
    );
  }
}

/** Half of the way to the database and back is the best guess of when it looked. */
async function clockCheck(database: Database): Promise<Check> {
  const sent = Date.now();
  const [row] = await database.query<{ now: number }>(CLOCK);
  const apart = (row!.now - (sent + Date.now()) / 2) / 1_000;
  const found = `the database's is ${Math.abs(apart).toFixed(3)} s ${apart < 0 ? 'behind' : 'ahead'}`;
  if (Math.abs(apart) <= CLOCK_SECONDS) return ok('clock', found);
  return warn('clock', found, 'set both clocks by one source: order is right all the same, times look wrong');
}

async function appendCheck(database: Database): Promise<Check> {
  const took = await probeAppend(database);
  const found = `a unit was appended and rolled back in ${took.toFixed(1)} ms`;
  if (took <= SLOW_MS) return ok('append', found);
  return warn(
    'append',
    found,
    'look for what keeps the database: its disk, its locks (pg_stat_activity), its memory',
  );
}
