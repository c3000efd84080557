import type { Queryable } from './database.js';

/** Whether a restore of a backup was begun in the database and is not finished: the log in it is not whole. */
export async function hasUnfinishedRestore(database: Queryable): Promise<boolean> {
  const [table] = await database.query<{ known: boolean }>(
    `SELECT to_regclass('restores') IS NOT NULL AS known`,
  );
  if (!table?.known) return false;
  const open = await database.query('SELECT backup_id FROM restores WHERE finished_at IS NULL');
  return open.length > 0;
}
