import { ReadModelTable } from '../../tables/read-model-table.js';
import type { ConversationVersion } from './conversation.row.js';

export const conversationsTable = new ReadModelTable<ConversationVersion>({
  name: 'conversations',
  streamColumn: 'conversation_id',
  with: ['tenant_id', 'owner_id'],
  key: ['valid_from'],
  fillfactor: 70,
  columns: [
    { name: 'project_id', type: 'uuid', of: ({ fields }) => fields.projectId },
    { name: 'title', type: 'json', json: true, of: ({ fields }) => fields.title },
    { name: 'archived', type: 'boolean', of: ({ fields }) => fields.archived },
    { name: 'trashed_at', type: 'timestamptz', of: ({ fields }) => fields.trashedAt },
    { name: 'turn_id', type: 'uuid', of: ({ fields }) => fields.turn?.id },
    { name: 'turn_status', type: 'text', of: ({ fields }) => fields.turn?.status },
    { name: 'leaf_id', type: 'uuid', of: ({ fields }) => fields.leafId },
    { name: 'updated_at', type: 'timestamptz', of: ({ fields }) => fields.updatedAt },
    { name: 'updated_seq', type: 'bigint', of: ({ fields }) => fields.updatedSeq },
    { name: 'created_at', type: 'timestamptz', of: ({ fields }) => fields.createdAt },
    { name: 'forked_from', type: 'uuid', of: ({ fields }) => fields.forkedFrom?.conversationId },
    { name: 'forked_at', type: 'bigint', of: ({ fields }) => fields.forkedFrom?.at },
    { name: 'valid_from', type: 'bigint', of: ({ validFrom }) => validFrom },
    { name: 'valid_to', type: 'bigint', of: ({ validTo }) => validTo },
  ],
});
