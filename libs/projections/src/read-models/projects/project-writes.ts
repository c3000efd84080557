import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { ProjectFields } from './project.row.js';
import type { NewRow } from './row-ledger.js';
import { requireHit } from './row-writes.js';

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

export async function insertProjects(
  q: Queryable,
  { generation, streamId, tenantId, ownerId }: ProjectionTarget,
  inserted: NewRow<ProjectFields>[],
): Promise<void> {
  if (inserted.length === 0) return;
  await q.query(
    `insert into projects (generation, project_id, tenant_id, owner_id, title, metadata, forked_from, version, files,
       bytes, updated_at, updated_seq, created_at, valid_from, valid_to)
     select $1, $2, $3, $4, n.title, n.metadata, n.forked_from, n.version, n.files,
       n.bytes, n.updated_at, n.updated_seq, n.created_at, n.valid_from, n.valid_to
     from json_to_recordset($5) as n (title json, metadata json, forked_from json, version integer, files integer,
       bytes bigint, updated_at timestamptz, updated_seq bigint, created_at timestamptz, valid_from bigint, valid_to bigint)`,
    [
      generation,
      streamId,
      tenantId,
      ownerId,
      JSON.stringify(
        inserted.map(({ fields, validFrom, validTo }) => ({
          title: fields.title,
          metadata: fields.metadata,
          forked_from: fields.forkedFrom ?? undefined,
          version: fields.version,
          files: fields.files,
          bytes: fields.bytes,
          updated_at: fields.updatedAt,
          updated_seq: fields.updatedSeq,
          created_at: fields.createdAt,
          valid_from: validFrom,
          valid_to: validTo,
        })),
      ),
    ],
  );
}
