import { isOpen, type ConversationState, type MessageState } from '#model';
import type { StreamInfo } from '#event-log';
import type { ExpectedRows } from './current-rows.js';
import type { ModelFacts } from './model-facts.js';

/** A conversation after some of its events: the model's state of all of them, and what else its rows show. */
export type ModelConversation = { stream: StreamInfo; state: ConversationState; facts: ModelFacts };

/** The row of the list that stands. */
export function expectedConversation({ stream, state, facts }: ModelConversation): ExpectedRows[] {
  const { streamId, tenantId, ownerId } = stream;
  const open = isOpen(state.turn) ? state.turn : null;
  const row = {
    conversation_id: streamId,
    tenant_id: tenantId,
    owner_id: ownerId,
    project_id: state.projectId,
    title: state.title,
    archived: state.archived,
    trashed_at: state.trashedAt,
    turn_id: open?.turnId,
    turn_status: open?.status,
    leaf_id: state.leafId,
    updated_at: state.updatedAt,
    updated_seq: facts.lastSeq,
    created_at: state.createdAt,
    forked_from: state.forkedFrom?.conversationId,
    forked_at: state.forkedFrom?.at,
  };
  return [{ table: 'conversations', key: ['conversation_id'], rows: [row] }];
}

/** What stands on the track from its last row on. */
export function expectedMoment({ stream, state, facts }: ModelConversation): ExpectedRows[] {
  const { turn, inFlight, project } = state;
  const { moment, tokens } = facts;
  const row = {
    conversation_id: stream.streamId,
    tenant_id: stream.tenantId,
    seq: moment?.seq,
    at: moment?.at,
    turn_id: turn?.turnId,
    turn_status: turn?.status,
    open_tool_calls: openCalls(state, facts),
    writing_id: inFlight?.messageId,
    project_id: project?.id,
    project_seq: project?.seq,
    input_tokens: tokens.input_tokens,
    output_tokens: tokens.output_tokens,
    cache_creation_tokens: tokens.cache_creation_input_tokens,
    cache_read_tokens: tokens.cache_read_input_tokens,
  };
  return [{ table: 'moments', key: ['conversation_id'], rows: moment ? [row] : [] }];
}

function openCalls({ turn }: ConversationState, { toolNames }: ModelFacts): unknown {
  const calls = Object.entries(turn?.openToolCalls ?? {}).map(([toolUseId, messageId]) => {
    return { toolUseId, messageId, toolName: toolNames.get(messageId) };
  });
  return calls.length > 0 ? calls : null;
}

/** How the version of a message that stands grows, if it does. */
export function growsBy(
  { state, facts }: ModelConversation,
  message: MessageState,
): 'answer' | 'chunks' | null {
  if (state.inFlight?.messageId === message.id) return 'answer';
  return facts.chunkSeqs.get(message.id) === message.updatedSeq ? 'chunks' : null;
}
