import type { OwnConnection } from '#platform';
import { ArchiveRefused } from '../archive-refused.js';
import type { BackupManifest } from '../backup/backup-manifest.js';

/** Each stream's events must be first_seq to its head, without a gap; the heads are those that the backup recorded. */
const BROKEN = `select h.stream_id, h.first_seq, h.head, e.count, e.low, e.high from backup_heads h
  cross join lateral (
    select count(*) as count, min(seq) as low, max(seq) as high from events where stream_id = h.stream_id
  ) e
  where e.count <> h.head - h.first_seq + 1 or e.low <> h.first_seq or e.high <> h.head limit 1`;
const PENDING = `insert into pending (stream_id, tenant_id, seq, since)
  select s.stream_id, s.tenant_id, e.seq, now() from streams s
  cross join lateral (
    select seq from events where stream_id = s.stream_id and type <> 'StreamDeltaReceived' order by seq desc limit 1
  ) e
  where s.kind <> 'admin'
  on conflict (stream_id) do nothing`;

/**
 * Compares what stands in the database with what the backup held, and then, in the same transaction, gives every stream to the
 * projections and says that the restore is finished.
 * @throws ArchiveRefused where they differ: something else wrote to the database.
 */
export async function finishRestore(connection: OwnConnection, manifest: BackupManifest): Promise<void> {
  await connection.query('begin isolation level repeatable read');
  for (const { name, rows } of manifest.tables) {
    const { rows: counted } = await connection.query(`select count(*) as rows from ${name}`);
    if (counted[0].rows !== rows) refuse(`${name} has ${counted[0].rows} rows where the backup has ${rows}`);
  }
  const [broken] = (await connection.query(BROKEN)).rows;
  if (broken)
    refuse(
      `stream ${broken.stream_id} has ${broken.count} events, ${broken.low} to ${broken.high}, where the backup has ` +
        `${broken.first_seq} to ${broken.head}`,
    );
  await connection.query(PENDING);
  await connection.query('update restores set finished_at = now() where backup_id = $1', [manifest.id]);
  await connection.query('commit');
}

function refuse(what: string): never {
  throw new ArchiveRefused(
    'inconsistent',
    `${what}: something else wrote to this database; restore into another, empty one`,
  );
}
