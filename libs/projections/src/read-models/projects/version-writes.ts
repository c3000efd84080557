import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { RowChanges } from './row-ledger.js';
import { requireHit } from '../../tables/require-hit.js';
import { versionsTable } from './project-tables.js';
import { closedJson } from './row-writes.js';
import type { VersionFields } from './version.row.js';

/** New versions, and those that are called otherwise. */
export async function writeVersions(
  q: Queryable,
  target: ProjectionTarget,
  { closed, inserted }: RowChanges<number, VersionFields>,
): Promise<void> {
  if (closed.length > 0) {
    const rows = await q.query(
      `update project_versions v set valid_to = n.valid_to
       from json_to_recordset($3) as n (key integer, valid_from bigint, valid_to bigint)
       where v.generation = $1 and v.project_id = $2 and v.version = n.key and v.valid_from = n.valid_from
         and v.valid_to is null returning 1 as hit`,
      [target.generation, target.streamId, closedJson(closed)],
    );
    requireHit('project_versions', closed.length, rows.length);
  }
  await versionsTable.insert(q, target, inserted);
}
