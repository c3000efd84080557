import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import { requireHit } from '../../tables/require-hit.js';
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
  requireHit('conversations', 1, rows.length);
}
