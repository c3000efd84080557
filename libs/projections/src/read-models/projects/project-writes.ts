import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { ProjectFields } from './project.row.js';
import type { NewRow } from './row-ledger.js';
import { requireHit } from '../../tables/require-hit.js';

/** What follows every event, in place, and where the row ends. */
export async function followProject(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  { validFrom, validTo, fields }: NewRow<ProjectFields>,
): Promise<void> {
  const rows = await q.query(
    `update projects set files = $4, bytes = $5, updated_at = $6, updated_seq = $7, valid_to = $8
     where generation = $1 and project_id = $2 and valid_from = $3 and valid_to is null returning 1 as hit`,
    [
      generation,
      streamId,
      validFrom,
      fields.files,
      fields.bytes,
      fields.updatedAt,
      fields.updatedSeq,
      validTo,
    ],
  );
  requireHit('projects', 1, rows.length);
}
