import { seamOf } from '#event-log';
import { searchedText } from '../read-models/search/searched-message.js';
import type { ExpectedRows } from './current-rows.js';
import { growsBy, type ModelConversation } from './model-conversation.js';

/** What search knows: of a fork what it made itself. Of a message that grows its text is as of before, which the model has forgotten. */
export function expectedSearch(model: ModelConversation): ExpectedRows[] {
  const { stream, state } = model;
  const own = { conversation_id: stream.streamId, tenant_id: stream.tenantId, owner_id: stream.ownerId };
  const made = Object.values(state.messages).filter(({ seq, removed }) => seq > seamOf(stream) && !removed);
  const messages = made.map((message) => ({
    ...own,
    id: message.id,
    role: message.role,
    streaming_status: message.streamingStatus,
    in_flight: growsBy(model, message),
    seq: message.seq,
    created_at: message.createdAt,
    ...searchedText(message),
  }));
  const { projectId, title, archived, trashed } = state;
  const conversation = { ...own, project_id: projectId, title, archived, trashed };
  return [
    { table: 'search_messages', key: ['id'], rows: messages },
    { table: 'search_conversations', key: ['conversation_id'], rows: [conversation] },
  ];
}
