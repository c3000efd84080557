import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { MessagesChanges, MessageVersion } from './message-version.js';

/** Values travel as one array a column; JSON travels as text, because json_to_recordset refuses \u0000. */
const columns: { name: string; type: string; json?: true; of: (version: MessageVersion) => unknown }[] = [
  { name: 'id', type: 'uuid', of: ({ message }) => message.id },
  { name: 'valid_from', type: 'bigint', of: ({ validFrom }) => validFrom },
  { name: 'valid_to', type: 'bigint', of: ({ validTo }) => validTo },
  { name: 'parent_id', type: 'uuid', of: ({ message }) => message.parentId },
  { name: 'role', type: 'text', of: ({ message }) => message.role },
  { name: 'content', type: 'text', json: true, of: ({ message }) => message.content },
  { name: 'blocks', type: 'text', json: true, of: ({ message }) => message.blocks },
  { name: 'tool_name', type: 'text', json: true, of: ({ message }) => message.toolName },
  { name: 'tool_call', type: 'text', json: true, of: ({ message }) => message.toolCall },
  { name: 'tool_result', type: 'text', json: true, of: ({ message }) => message.toolResult },
  { name: 'tool_use_id', type: 'text', json: true, of: ({ message }) => message.toolUseId },
  { name: 'tool_error', type: 'boolean', of: ({ message }) => message.toolError },
  { name: 'streaming_status', type: 'text', of: ({ message }) => message.streamingStatus },
  { name: 'metadata', type: 'text', json: true, of: ({ message }) => message.metadata },
  { name: 'repairs', type: 'text', json: true, of: ({ message }) => message.repairs },
  { name: 'project_id', type: 'uuid', of: ({ message }) => message.projectId },
  { name: 'turn_id', type: 'uuid', of: ({ message }) => message.turnId },
  { name: 'seq', type: 'bigint', of: ({ message }) => message.seq },
  { name: 'updated_seq', type: 'bigint', of: ({ message }) => message.updatedSeq },
  { name: 'segment', type: 'bigint', of: ({ place }) => place.segment },
  { name: 'depth', type: 'integer', of: ({ place }) => place.depth },
  { name: 'in_flight', type: 'text', of: ({ inFlight }) => inFlight },
  { name: 'folded_seq', type: 'bigint', of: ({ foldedSeq }) => foldedSeq },
  { name: 'removed', type: 'boolean', of: ({ message }) => message.removed },
  { name: 'created_at', type: 'timestamptz', of: ({ message }) => message.createdAt },
  { name: 'updated_at', type: 'timestamptz', of: ({ message }) => message.updatedAt },
];

/** What changes while a version is in flight. No index has any of these, so the update stays on its page (HOT). */
const growing = [
  'content',
  'blocks',
  'metadata',
  'streaming_status',
  'updated_seq',
  'folded_seq',
  'updated_at',
];
const key = ['id', 'valid_from'];

type Column = (typeof columns)[number];

function values(chosen: Column[], versions: MessageVersion[]): unknown[][] {
  return chosen.map(({ json, of }) =>
    versions.map((version) => {
      const value = of(version) ?? null;
      return json && value !== null ? JSON.stringify(value) : value;
    }),
  );
}

/** `unnest($n::type[], …)` beginning at parameter `first`. */
function unnested(chosen: Column[], first: number): string {
  return `unnest(${chosen.map(({ type }, i) => `$${first + i}::${type}[]`).join(', ')}) as n (${names(chosen)})`;
}

function names(chosen: Column[]): string {
  return chosen.map(({ name }) => name).join(', ');
}

function selected({ name, json }: Column): string {
  return json ? `n.${name}::json` : `n.${name}`;
}

/** Everything below is one statement a kind of change, for the whole batch. */
export async function insertVersions(
  q: Queryable,
  { generation, streamId, tenantId }: ProjectionTarget,
  versions: MessageVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  await q.query(
    `insert into messages (generation, conversation_id, tenant_id, ${names(columns)})
     select $1, $2, $3, ${columns.map(selected).join(', ')} from ${unnested(columns, 4)}`,
    [generation, streamId, tenantId, ...values(columns, versions)],
  );
}

export async function growVersions(
  q: Queryable,
  { generation, streamId }: ProjectionTarget,
  versions: MessageVersion[],
): Promise<void> {
  if (versions.length === 0) return;
  const chosen = columns.filter(({ name }) => key.includes(name) || growing.includes(name));
  const set = chosen
    .filter(({ name }) => growing.includes(name))
    .map((column) => `${column.name} = ${selected(column)}`);
  const rows = await q.query(
    `update messages m set ${set.join(', ')}, written_at = clock_timestamp() from ${unnested(chosen, 3)}
     where m.generation = $1 and m.conversation_id = $2 and m.id = n.id and m.valid_from = n.valid_from returning 1 as hit`,
    [generation, streamId, ...values(chosen, versions)],
  );
  mustHit(rows, versions, 'messages');
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
  mustHit(rows, closed, 'messages');
}

/** Rows that the fold was told of and that are not there mean that something else writes them: never go on. */
export function mustHit(rows: unknown[], expected: unknown[], table: string): void {
  if (rows.length !== expected.length) {
    throw new Error(`${table}: ${expected.length} rows to change, ${rows.length} found`);
  }
}
