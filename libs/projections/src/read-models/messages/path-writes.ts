import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { MessagesChanges } from './message-version.js';
import { mustHit } from './message-writes.js';

export async function insertSegments(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  segments: MessagesChanges['segments'],
): Promise<void> {
  if (segments.length === 0) return;
  await q.query(
    `insert into message_segments (generation, conversation_id, segment, path)
     select $1, $2, n.segment, n.path::json from unnest($3::bigint[], $4::text[]) as n (segment, path)`,
    [
      generation,
      streamId,
      segments.map(({ segment }) => segment),
      segments.map(({ path }) => JSON.stringify(path)),
    ],
  );
}

export async function writePaths(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  paths: MessagesChanges['paths'],
): Promise<void> {
  const closed = paths.filter(({ stored }) => stored);
  const made = paths.filter(({ stored }) => !stored);
  if (closed.length > 0) {
    const rows = await q.query(
      `update message_paths p set valid_to = n.valid_to from unnest($3::bigint[], $4::bigint[]) as n (valid_from, valid_to)
       where p.generation = $1 and p.conversation_id = $2 and p.valid_from = n.valid_from and p.valid_to is null
       returning 1 as hit`,
      [generation, streamId, closed.map(({ validFrom }) => validFrom), closed.map(({ validTo }) => validTo)],
    );
    mustHit(rows, closed, 'message_paths');
  }
  if (made.length === 0) return;
  await q.query(
    `insert into message_paths (generation, conversation_id, path, valid_from, valid_to)
     select $1, $2, n.path::json, n.valid_from, n.valid_to
     from unnest($3::text[], $4::bigint[], $5::bigint[]) as n (path, valid_from, valid_to)`,
    [
      generation,
      streamId,
      made.map(({ path }) => JSON.stringify(path)),
      made.map(({ validFrom }) => validFrom),
      made.map(({ validTo }) => validTo),
    ],
  );
}
