import { ReadModelTable } from '../../tables/read-model-table.js';
import type { SearchedConversation } from './searched-conversation.js';
import type { SearchedMessage } from './searched-message.js';

/** Texts are kept beside the rows, so that those rows that a search looks at are narrow, and close together. */
export const searchMessagesTable = new ReadModelTable<SearchedMessage>({
  name: 'search_messages',
  streamColumn: 'conversation_id',
  with: ['tenant_id', 'owner_id'],
  key: ['id'],
  growing: ['streaming_status', 'body', 'words', 'letters'],
  fillfactor: 90,
  toastTupleTarget: 128,
  columns: [
    { name: 'id', type: 'uuid', of: ({ id }) => id },
    { name: 'role', type: 'text', of: ({ role }) => role },
    { name: 'streaming_status', type: 'text', of: ({ status }) => status },
    { name: 'in_flight', type: 'text', of: ({ inFlight }) => inFlight },
    { name: 'seq', type: 'bigint', of: ({ seq }) => seq },
    { name: 'created_at', type: 'timestamptz', of: ({ createdAt }) => createdAt },
    { name: 'body', type: 'text', of: ({ body }) => body },
    { name: 'words', type: 'tsvector', of: ({ words }) => words },
    { name: 'letters', type: 'text', of: ({ letters }) => letters },
  ],
});

export const searchConversationsTable = new ReadModelTable<SearchedConversation>({
  name: 'search_conversations',
  streamColumn: 'conversation_id',
  with: ['tenant_id', 'owner_id'],
  key: ['conversation_id'],
  fillfactor: 90,
  columns: [
    { name: 'project_id', type: 'uuid', of: ({ projectId }) => projectId },
    { name: 'title', type: 'json', json: true, of: ({ title }) => title },
    { name: 'archived', type: 'boolean', of: ({ archived }) => archived },
    { name: 'trashed', type: 'boolean', of: ({ trashed }) => trashed },
  ],
});
