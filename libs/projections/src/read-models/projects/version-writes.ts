import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { RowChanges } from './row-ledger.js';
import { closedJson, requireHit } from './row-writes.js';
import type { VersionFields } from './version.row.js';

/** New versions, and those that are called otherwise. */
export async function writeVersions(
  q: Queryable,
  { generation, streamId, tenantId }: ProjectionTarget,
  { closed, inserted }: RowChanges<number, VersionFields>,
): Promise<void> {
  if (closed.length > 0) {
    const rows = await q.query(
      `update project_versions v set valid_to = n.valid_to
       from json_to_recordset($3) as n (key integer, valid_from bigint, valid_to bigint)
       where v.generation = $1 and v.project_id = $2 and v.version = n.key and v.valid_from = n.valid_from
         and v.valid_to is null returning 1 as hit`,
      [generation, streamId, closedJson(closed)],
    );
    requireHit('project_versions', closed.length, rows.length);
  }
  if (inserted.length === 0) return;
  await q.query(
    `insert into project_versions (generation, project_id, tenant_id, version, seq, turn_id, conversation_id,
       conversation_seq, outcome, restored_from, name, starred, files, bytes, created_at, valid_from, valid_to)
     select $1, $2, $3, n.version, n.seq, n.turn_id, n.conversation_id,
       n.conversation_seq, n.outcome, n.restored_from, n.name, n.starred, n.files, n.bytes, n.created_at, n.valid_from,
       n.valid_to
     from json_to_recordset($4) as n (version integer, seq bigint, turn_id uuid, conversation_id uuid,
       conversation_seq bigint, outcome text, restored_from integer, name json, starred boolean, files integer,
       bytes bigint, created_at timestamptz, valid_from bigint, valid_to bigint)`,
    [
      generation,
      streamId,
      tenantId,
      JSON.stringify(
        inserted.map(({ fields, validFrom, validTo }) => ({
          version: fields.version,
          seq: fields.seq,
          turn_id: fields.turnId,
          conversation_id: fields.conversationId,
          conversation_seq: fields.conversationSeq,
          outcome: fields.outcome,
          restored_from: fields.restoredFrom,
          name: fields.name ?? undefined,
          starred: fields.starred,
          files: fields.files,
          bytes: fields.bytes,
          created_at: fields.createdAt,
          valid_from: validFrom,
          valid_to: validTo,
        })),
      ),
    ],
  );
}
