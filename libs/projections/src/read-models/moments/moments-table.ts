import { ReadModelTable } from '../../tables/read-model-table.js';
import type { Moment } from './moment.js';

/** A row is written once and never changed. */
export const momentsTable = new ReadModelTable<Moment>({
  name: 'moments',
  streamColumn: 'conversation_id',
  with: ['tenant_id'],
  key: ['seq'],
  columns: [
    { name: 'seq', type: 'bigint', of: ({ seq }) => seq },
    { name: 'at', type: 'timestamptz', of: ({ at }) => at },
    { name: 'kind', type: 'text', of: ({ mark }) => mark?.kind },
    { name: 'n', type: 'integer', of: ({ mark }) => mark?.n },
    { name: 'label', type: 'json', json: true, of: ({ mark }) => mark?.label },
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
      type: 'json',
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
  ],
});
