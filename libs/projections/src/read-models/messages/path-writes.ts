import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import { together } from '../../tables/together.js';
import { requireHit } from '../../tables/require-hit.js';
import { pathsTable } from './message-tables.js';
import type { MessagesChanges } from './message-version.js';

/** Paths that end, and those that are selected from then on. */
export async function writePaths(
  q: Queryable,
  target: ProjectionTarget,
  paths: MessagesChanges['paths'],
): Promise<void> {
  const closed = paths.filter(({ stored }) => stored);
  const begun = paths.filter(({ stored }) => !stored);
  await together([closePaths(q, target, closed), pathsTable.insert(q, target, begun)]);
}

async function closePaths(
  q: Queryable,
  target: ProjectionTarget,
  closed: MessagesChanges['paths'],
): Promise<void> {
  if (closed.length === 0) return;
  const rows = await q.query(
    `update message_paths p set valid_to = n.valid_to from unnest($3::bigint[], $4::bigint[]) as n (valid_from, valid_to)
       where p.generation = $1 and p.conversation_id = $2 and p.valid_from = n.valid_from and p.valid_to is null
       returning 1 as hit`,
    [
      target.generation,
      target.streamId,
      closed.map(({ validFrom }) => validFrom),
      closed.map(({ validTo }) => validTo),
    ],
  );
  requireHit('message_paths', closed.length, rows.length);
}
