import { ReadModelTable } from '../../tables/read-model-table.js';
import type { MessagesChanges, MessageVersion } from './message-version.js';

/** What changes while a version is in flight. No index has any of these, so the update stays on its page (HOT). */
export const growingColumns = [
  'content',
  'blocks',
  'metadata',
  'streaming_status',
  'updated_seq',
  'folded_seq',
  'updated_at',
];

export const messagesTable = new ReadModelTable<MessageVersion>({
  name: 'messages',
  streamColumn: 'conversation_id',
  with: ['tenant_id'],
  key: ['id', 'valid_from'],
  growing: growingColumns,
  fillfactor: 70,
  columns: [
    { name: 'id', type: 'uuid', of: ({ message }) => message.id },
    { name: 'valid_from', type: 'bigint', of: ({ validFrom }) => validFrom },
    { name: 'valid_to', type: 'bigint', of: ({ validTo }) => validTo },
    { name: 'parent_id', type: 'uuid', of: ({ message }) => message.parentId },
    { name: 'role', type: 'text', of: ({ message }) => message.role },
    { name: 'content', type: 'json', json: true, of: ({ message }) => message.content },
    { name: 'blocks', type: 'json', json: true, of: ({ message }) => message.blocks },
    { name: 'tool_name', type: 'json', json: true, of: ({ message }) => message.toolName },
    { name: 'tool_call', type: 'json', json: true, of: ({ message }) => message.toolCall },
    { name: 'tool_result', type: 'json', json: true, of: ({ message }) => message.toolResult },
    { name: 'tool_use_id', type: 'json', json: true, of: ({ message }) => message.toolUseId },
    { name: 'tool_error', type: 'boolean', of: ({ message }) => message.toolError },
    { name: 'streaming_status', type: 'text', of: ({ message }) => message.streamingStatus },
    { name: 'metadata', type: 'json', json: true, of: ({ message }) => message.metadata },
    { name: 'repairs', type: 'json', json: true, of: ({ message }) => message.repairs },
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
  ],
});

export const segmentsTable = new ReadModelTable<MessagesChanges['segments'][number]>({
  name: 'message_segments',
  streamColumn: 'conversation_id',
  with: [],
  key: ['segment'],
  columns: [
    { name: 'segment', type: 'bigint', of: ({ segment }) => segment },
    { name: 'path', type: 'json', json: true, of: ({ path }) => path },
  ],
});

export const pathsTable = new ReadModelTable<MessagesChanges['paths'][number]>({
  name: 'message_paths',
  streamColumn: 'conversation_id',
  with: [],
  key: ['valid_from'],
  fillfactor: 70,
  columns: [
    { name: 'path', type: 'json', json: true, of: ({ path }) => path },
    { name: 'valid_from', type: 'bigint', of: ({ validFrom }) => validFrom },
    { name: 'valid_to', type: 'bigint', of: ({ validTo }) => validTo },
  ],
});
