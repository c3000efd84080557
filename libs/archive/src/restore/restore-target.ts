import { schemaState, type OwnConnection } from '#platform';
import { ArchiveRefused } from '../archive-refused.js';
import type { BackupManifest } from '../backup/backup-manifest.js';
import { ARCHIVED_TABLES } from '../tables.js';

type RestoreRow = { backup_id: string; finished_at: string | null };

/**
 * Whether the backup can be loaded here: into an empty log, or where an earlier call began to. Gives the parts that it loaded, or
 * null where nothing was begun. Writes nothing.
 * @throws ArchiveRefused where the schema does not fit, or the log is not empty.
 */
export async function findTarget(
  connection: OwnConnection,
  { id, migrations }: BackupManifest,
): Promise<Set<string> | null> {
  await requireSchema(connection, migrations);
  const { rows } = await connection.query('select backup_id, finished_at from restores');
  const found = rows as RestoreRow[];
  const mine = found.find(({ backup_id: known }) => known === id);
  if (mine && mine.finished_at === null) {
    const parts = await connection.query('select part from restored_parts where backup_id = $1', [id]);
    return new Set(parts.rows.map(({ part }) => part as string));
  }
  if (mine) refuse(`this backup was restored here at ${mine.finished_at}`);
  const other = found.find(({ finished_at: at }) => at === null);
  if (other) refuse(`the restore of another backup (${other.backup_id}) was begun here`);
  for (const { name } of ARCHIVED_TABLES) {
    const { rows: some } = await connection.query(`select exists (select from ${name}) as filled`);
    if (some[0].filled) refuse(`the table ${name} is not empty`);
  }
  return null;
}

/** A restored log is another history: its random, and so its epoch, is made anew before the first row. */
export async function takeTarget(connection: OwnConnection, { id }: BackupManifest): Promise<void> {
  await connection.query('begin');
  await connection.query('insert into restores (backup_id) values ($1)', [id]);
  await connection.query('update log_identity set random = gen_random_uuid()');
  await connection.query('commit');
}

async function requireSchema(connection: OwnConnection, migrations: readonly string[]): Promise<void> {
  const { missing } = await schemaState(connection);
  if (missing.length > 0)
    throw new ArchiveRefused('schema', `the database lacks ${missing.join(', ')}: migrate it first`);
  const { rows } = await connection.query('select name from migrations');
  const here = new Set(rows.map(({ name }) => name as string));
  const newer = migrations.filter((name) => !here.has(name));
  if (newer.length > 0)
    throw new ArchiveRefused(
      'schema',
      `the backup was made by a newer program (it has ${newer.join(', ')}): restore it with that`,
    );
}

function refuse(why: string): never {
  throw new ArchiveRefused('not_empty', `${why}: a backup is restored into an empty database only`);
}
