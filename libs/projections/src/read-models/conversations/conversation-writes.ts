import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { ConversationVersion } from './conversation.row.js';

/**
 * What follows every event, in place, and where the version ends. While it stands, no index has these columns, so the
 * update stays on its page (HOT).
 */
export async function followVersion(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  { validFrom, validTo, fields }: ConversationVersion,
): Promise<void> {
  const rows = await q.query<{ hit: number }>(
    `update conversations set leaf_id = $4, updated_at = $5, updated_seq = $6, valid_to = $7
     where generation = $1 and conversation_id = $2 and valid_from = $3 and valid_to is null returning 1 as hit`,
    [generation, streamId, validFrom, fields.leafId, fields.updatedAt, fields.updatedSeq, validTo],
  );
  if (rows.length !== 1) throw new Error(`conversations: 1 row to change, ${rows.length} found`);
}

/** At most a few rows a batch: one for each rename, trashing, turn change and the like. */
export async function insertVersions(
  q: Queryable,
  { generation, streamId, tenantId, ownerId }: ProjectionTarget,
  versions: ConversationVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  const of = (value: (version: ConversationVersion) => unknown) => versions.map(value);
  await q.query(
    `insert into conversations (generation, conversation_id, tenant_id, owner_id, project_id, title, archived, trashed_at,
       turn_id, turn_status, leaf_id, updated_at, updated_seq, created_at, valid_from, valid_to, forked_from, forked_at)
     select $1, $2, $3, $4, n.project_id, n.title::json, n.archived, n.trashed_at,
       n.turn_id, n.turn_status, n.leaf_id, n.updated_at, n.updated_seq, n.created_at, n.valid_from, n.valid_to, n.forked_from, n.forked_at
     from unnest($5::uuid[], $6::text[], $7::boolean[], $8::timestamptz[], $9::uuid[], $10::text[], $11::uuid[],
       $12::timestamptz[], $13::bigint[], $14::timestamptz[], $15::bigint[], $16::bigint[], $17::uuid[], $18::bigint[])
       as n (project_id, title, archived, trashed_at, turn_id, turn_status, leaf_id, updated_at, updated_seq, created_at,
         valid_from, valid_to, forked_from, forked_at)`,
    [
      generation,
      streamId,
      tenantId,
      ownerId,
      of(({ fields }) => fields.projectId),
      of(({ fields }) => (fields.title === null ? null : JSON.stringify(fields.title))),
      of(({ fields }) => fields.archived),
      of(({ fields }) => fields.trashedAt),
      of(({ fields }) => fields.turn?.id ?? null),
      of(({ fields }) => fields.turn?.status ?? null),
      of(({ fields }) => fields.leafId),
      of(({ fields }) => fields.updatedAt),
      of(({ fields }) => fields.updatedSeq),
      of(({ fields }) => fields.createdAt),
      of(({ validFrom }) => validFrom),
      of(({ validTo }) => validTo),
      of(({ fields }) => fields.forkedFrom?.conversationId ?? null),
      of(({ fields }) => fields.forkedFrom?.at ?? null),
    ],
  );
}
