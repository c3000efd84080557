import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { FileFields } from './projects.fold.js';
import type { RowChanges } from './row-ledger.js';
import { closedJson, requireHit } from './row-writes.js';

/** Contents that files got, and those that they no longer have. */
export async function writeFiles(
  q: Queryable,
  { generation, streamId, tenantId }: ProjectionTarget,
  { closed, inserted }: RowChanges<string, FileFields>,
): Promise<void> {
  if (closed.length > 0) {
    const rows = await q.query(
      `update files f set valid_to = n.valid_to, to_version = (n.patch ->> 'toVersion')::integer
       from json_to_recordset($3) as n (key text, valid_from bigint, valid_to bigint, patch json)
       where f.generation = $1 and f.project_id = $2 and f.path = n.key and f.valid_from = n.valid_from
         and f.valid_to is null returning 1 as hit`,
      [generation, streamId, closedJson(closed)],
    );
    requireHit('files', closed.length, rows.length);
  }
  if (inserted.length === 0) return;
  await q.query(
    `insert into files (generation, project_id, tenant_id, path, type, sha256, size, from_version, to_version,
       valid_from, valid_to)
     select $1, $2, $3, n.path, n.type, n.sha256, n.size, n.from_version, n.to_version, n.valid_from, n.valid_to
     from json_to_recordset($4) as n (path text, type text, sha256 text, size bigint, from_version integer,
       to_version integer, valid_from bigint, valid_to bigint)`,
    [
      generation,
      streamId,
      tenantId,
      JSON.stringify(
        inserted.map(({ fields, validFrom, validTo }) => ({
          path: fields.path,
          type: fields.type,
          sha256: fields.sha256,
          size: fields.size,
          from_version: fields.fromVersion,
          to_version: fields.toVersion,
          valid_from: validFrom,
          valid_to: validTo,
        })),
      ),
    ],
  );
}
