import type { MessageState } from '#model';
import type { InFlightKind } from './message-version.js';
import type { Place } from './branch-path.js';

/** A version of a message as the table has it; json columns are parsed, times are ISO strings. */
export type MessageRow = {
  id: string;
  parent_id: string | null;
  role: MessageState['role'];
  content: string;
  blocks: MessageState['blocks'];
  tool_name: string | null;
  tool_call: unknown;
  tool_result: unknown;
  tool_use_id: string | null;
  tool_error: boolean;
  streaming_status: MessageState['streamingStatus'];
  metadata: Record<string, unknown>;
  repairs: Record<string, string>;
  project_id: string | null;
  turn_id: string | null;
  seq: number;
  updated_seq: number;
  segment: number;
  depth: number;
  in_flight: InFlightKind | null;
  folded_seq: number;
  removed: boolean;
  created_at: string;
  updated_at: string;
  valid_from: number;
};

/** The columns of `MessageRow`, for a select from `messages m`. */
export const messageColumns = `m.id, m.parent_id, m.role, m.content, m.blocks, m.tool_name, m.tool_call, m.tool_result,
  m.tool_use_id, m.tool_error, m.streaming_status, m.metadata, m.repairs, m.project_id, m.turn_id, m.seq, m.updated_seq,
  m.segment, m.depth, m.in_flight, m.folded_seq, m.removed, m.created_at, m.updated_at, m.valid_from`;

export function stateOfRow(row: MessageRow): MessageState {
  return {
    id: row.id,
    parentId: row.parent_id,
    role: row.role,
    content: row.content,
    blocks: row.blocks,
    projectId: row.project_id,
    toolName: row.tool_name,
    toolCall: row.tool_call,
    toolResult: row.tool_result,
    toolUseId: row.tool_use_id,
    toolError: row.tool_error,
    streamingStatus: row.streaming_status,
    metadata: row.metadata,
    repairs: row.repairs,
    turnId: row.turn_id,
    seq: row.seq,
    updatedSeq: row.updated_seq,
    removed: row.removed,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function placeOfRow({ segment, depth, seq }: MessageRow): Place {
  return { segment, depth, seq };
}
