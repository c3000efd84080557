import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { FileFields } from './projects.fold.js';
import type { RowChanges } from './row-ledger.js';
import { requireHit } from '../../tables/require-hit.js';
import { filesTable } from './project-tables.js';
import { closedJson } from './row-writes.js';

/** Contents that files got, and those that they no longer have. */
export async function writeFiles(
  q: Queryable,
  target: ProjectionTarget,
  { closed, inserted }: RowChanges<string, FileFields>,
): Promise<void> {
  if (closed.length > 0) {
    const rows = await q.query(
      `update files f set valid_to = n.valid_to, to_version = (n.patch ->> 'toVersion')::integer
       from json_to_recordset($3) as n (key text, valid_from bigint, valid_to bigint, patch json)
       where f.generation = $1 and f.project_id = $2 and f.path = n.key and f.valid_from = n.valid_from
         and f.valid_to is null returning 1 as hit`,
      [target.generation, target.streamId, closedJson(closed)],
    );
    requireHit('files', closed.length, rows.length);
  }
  await filesTable.insert(q, target, inserted);
}
