import { seamOf } from '#event-log';
import { canonicalJson, type MessageState } from '#model';
import type { ReadModelRow } from '../tables/read-model-table.js';
import type { ExpectedRows } from './current-rows.js';
import { growsBy, type ModelConversation } from './model-conversation.js';
import { modelTree, type ModelTree } from './model-tree.js';

/**
 * The rows of messages that stand, all segments and the selected path. Of a fork its own: of what its own events touched.
 * `ownPath`: a row of the path is stored; a fork whose path is still the inherited one need not have one.
 */
export function expectedMessages(
  model: ModelConversation,
  pathAtSeam: unknown,
  ownPath: boolean,
): ExpectedRows[] {
  const { stream, state } = model;
  const seam = seamOf(stream);
  const all = Object.values(state.messages);
  const tree = modelTree(all);
  const path = tree.pathTo(state.leafId);
  const hasPath = ownPath || canonicalJson(path) !== canonicalJson(pathAtSeam);
  const own = { conversation_id: stream.streamId };
  const touched = all.filter(({ updatedSeq }) => updatedSeq > seam);
  const segments = [...tree.segments].filter(([segment]) => segment > seam);
  return [
    { table: 'messages', key: ['id'], rows: touched.map((message) => rowOf(model, tree, message)) },
    {
      table: 'message_segments',
      key: ['segment'],
      rows: segments.map(([segment, to]) => ({ ...own, segment, path: to })),
    },
    { table: 'message_paths', key: ['conversation_id'], rows: hasPath ? [{ ...own, path }] : [] },
  ];
}

function rowOf(model: ModelConversation, tree: ModelTree, message: MessageState): ReadModelRow {
  const { streamId, tenantId } = model.stream;
  const place = tree.placeOf(message.id);
  return {
    conversation_id: streamId,
    tenant_id: tenantId,
    id: message.id,
    parent_id: message.parentId,
    role: message.role,
    content: message.content,
    blocks: message.blocks,
    tool_name: message.toolName,
    tool_call: message.toolCall,
    tool_result: message.toolResult,
    tool_use_id: message.toolUseId,
    tool_error: message.toolError,
    streaming_status: message.streamingStatus,
    metadata: message.metadata,
    repairs: message.repairs,
    project_id: message.projectId,
    turn_id: message.turnId,
    seq: message.seq,
    updated_seq: message.updatedSeq,
    segment: place?.segment,
    depth: place?.depth,
    in_flight: growsBy(model, message),
    removed: message.removed,
    created_at: message.createdAt,
    updated_at: message.updatedAt,
  };
}
