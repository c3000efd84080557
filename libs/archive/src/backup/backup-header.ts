import { randomUUID } from 'node:crypto';
import { schemaState, type OwnConnection } from '#platform';
import { ArchiveRefused } from '../archive-refused.js';
import { BACKUP_FORMAT, BACKUP_VERSION, type BackupHeader } from './backup-manifest.js';

const LAST_SEAL = `select seal, encode(mac, 'hex') as mac from chain_seals order by seal desc limit 1`;

/**
 * What a backup that begins in the connection's snapshot is of.
 * @throws ArchiveRefused where the schema is older than this program.
 */
export async function newHeader(connection: OwnConnection): Promise<BackupHeader> {
  const { missing } = await schemaState(connection);
  if (missing.length > 0)
    throw new ArchiveRefused('schema', `the database lacks ${missing.join(', ')}: migrate it first`);
  const { rows: migrations } = await connection.query('select name from migrations order by timestamp');
  const { rows: seals } = await connection.query(LAST_SEAL);
  const { rows: clock } = await connection.query('select now() as at');
  return {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    id: randomUUID(),
    epoch: await epochOf(connection),
    startedAt: clock[0].at,
    migrations: migrations.map(({ name }) => name as string),
    anchor: seals[0] ?? null,
  };
}

/** Names the history of the log. */
export async function epochOf(connection: OwnConnection): Promise<string> {
  return (await connection.query('select epoch from log_epoch()')).rows[0].epoch as string;
}
