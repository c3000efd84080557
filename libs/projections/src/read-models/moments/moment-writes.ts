import type { Queryable } from '#platform';
import type { ProjectionTarget } from '../../projection.js';
import type { Moment } from './moment.js';

type Column = { name: string; type: string; json?: true; of: (moment: Moment) => unknown };

/** Values travel as one array a column; JSON travels as text, because json_to_recordset refuses \u0000. */
const columns: Column[] = [
  { name: 'seq', type: 'bigint', of: ({ seq }) => seq },
  { name: 'at', type: 'timestamptz', of: ({ at }) => at },
  { name: 'kind', type: 'text', of: ({ mark }) => mark?.kind },
  { name: 'n', type: 'integer', of: ({ mark }) => mark?.n },
  { name: 'label', type: 'text', json: true, of: ({ mark }) => mark?.label },
  { name: 'subject_id', type: 'uuid', of: ({ mark }) => mark?.subjectId },
  { name: 'version', type: 'integer', of: ({ mark }) => mark?.version },
  { name: 'messages', type: 'integer', of: ({ standing }) => standing.counts.message },
  { name: 'tools', type: 'integer', of: ({ standing }) => standing.counts.tool },
  { name: 'versions', type: 'integer', of: ({ standing }) => standing.counts.version },
  { name: 'statuses', type: 'integer', of: ({ standing }) => standing.counts.status },
  { name: 'forks', type: 'integer', of: ({ standing }) => standing.counts.fork },
  { name: 'turn_id', type: 'uuid', of: ({ standing }) => standing.turn?.id },
  { name: 'turn_status', type: 'text', of: ({ standing }) => standing.turn?.status },
  {
    name: 'open_tool_calls',
    type: 'text',
    json: true,
    of: ({ standing }) => (standing.openToolCalls.length > 0 ? standing.openToolCalls : null),
  },
  { name: 'writing_id', type: 'uuid', of: ({ standing }) => standing.writingId },
  { name: 'project_id', type: 'uuid', of: ({ standing }) => standing.project?.id },
  { name: 'project_seq', type: 'bigint', of: ({ standing }) => standing.project?.seq },
  { name: 'input_tokens', type: 'bigint', of: ({ standing }) => standing.usage.inputTokens },
  { name: 'output_tokens', type: 'bigint', of: ({ standing }) => standing.usage.outputTokens },
  {
    name: 'cache_creation_tokens',
    type: 'bigint',
    of: ({ standing }) => standing.usage.cacheCreationInputTokens,
  },
  { name: 'cache_read_tokens', type: 'bigint', of: ({ standing }) => standing.usage.cacheReadInputTokens },
];

function valuesOf({ json, of }: Column, moments: Moment[]): unknown[] {
  return moments.map((moment) => {
    const value = of(moment) ?? null;
    return json && value !== null ? JSON.stringify(value) : value;
  });
}

const names = columns.map(({ name }) => name).join(', ');
const selected = columns.map(({ name, json }) => (json ? `n.${name}::json` : `n.${name}`)).join(', ');
const arrays = columns.map(({ type }, index) => `$${index + 4}::${type}[]`).join(', ');

/** One statement for the whole batch. A row is written once and never changed. */
export async function insertMoments(
  q: Queryable,
  { generation, streamId, tenantId }: ProjectionTarget,
  moments: Moment[],
): Promise<void> {
  if (moments.length === 0) return;
  await q.query(
    `insert into moments (generation, conversation_id, tenant_id, ${names})
     select $1, $2, $3, ${selected} from unnest(${arrays}) as n (${names})`,
    [generation, streamId, tenantId, ...columns.map((column) => valuesOf(column, moments))],
  );
}
