import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import { columnArrays, unnested } from '../../tables/read-model-table.js';
import { requireHit } from '../../tables/require-hit.js';
import { growingColumns, messagesTable } from './message-tables.js';
import type { MessagesChanges, MessageVersion } from './message-version.js';

const grown = messagesTable.columns.filter(
  ({ name }) => messagesTable.key.includes(name) || growingColumns.includes(name),
);
const set = grown
  .filter(({ name }) => growingColumns.includes(name))
  .map(({ name, json }) => `${name} = n.${name}${json ? '::json' : ''}`);

/** One statement a kind of change, for the whole batch. */
export async function growVersions(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  versions: MessageVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  const rows = await q.query(
    `update messages m set ${set.join(', ')}, written_at = clock_timestamp() from ${unnested(grown, 3)}
     where m.generation = $1 and m.conversation_id = $2 and m.id = n.id and m.valid_from = n.valid_from returning 1 as hit`,
    [generation, streamId, ...columnArrays(grown, versions)],
  );
  requireHit('messages', versions.length, rows.length);
}

export async function closeVersions(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  closed: MessagesChanges['closed'],
): Promise<void> {
  if (closed.length === 0) return;
  const rows = await q.query(
    `update messages m set
       valid_to = n.valid_to,
       content = case when n.empty then '""'::json else m.content end,
       blocks = case when n.empty then '[]'::json else m.blocks end
     from unnest($3::uuid[], $4::bigint[], $5::bigint[], $6::boolean[]) as n (id, valid_from, valid_to, empty)
     where m.generation = $1 and m.conversation_id = $2 and m.id = n.id and m.valid_from = n.valid_from and m.valid_to is null
     returning 1 as hit`,
    [
      generation,
      streamId,
      closed.map(({ id }) => id),
      closed.map(({ validFrom }) => validFrom),
      closed.map(({ validTo }) => validTo),
      closed.map(({ empty }) => empty),
    ],
  );
  requireHit('messages', closed.length, rows.length);
}
