import type { ConversationFields } from '#model';

export type ConversationVersion = { fields: ConversationFields; validFrom: number; validTo: number | null };

/** Whether the change is one that a read at an earlier seq must not see: it makes a new version. */
export function sameVersion(a: ConversationFields, b: ConversationFields): boolean {
  return (
    a.projectId === b.projectId &&
    a.title === b.title &&
    a.archived === b.archived &&
    a.trashedAt === b.trashedAt &&
    a.forkedFrom?.conversationId === b.forkedFrom?.conversationId &&
    a.forkedFrom?.at === b.forkedFrom?.at &&
    a.turn?.id === b.turn?.id &&
    a.turn?.status === b.turn?.status &&
    a.createdAt === b.createdAt
  );
}

export type ConversationRow = {
  conversation_id: string;
  project_id: string | null;
  title: string | null;
  archived: boolean;
  trashed_at: string | null;
  forked_from: string | null;
  forked_at: number | null;
  turn_id: string | null;
  turn_status: 'requested' | 'running' | null;
  leaf_id: string | null;
  updated_at: string;
  updated_seq: number;
  created_at: string;
  valid_from: number;
};

/** The columns of `ConversationRow`, for a select from `conversations c`. */
export const conversationColumns = `c.conversation_id, c.project_id, c.title, c.archived, c.trashed_at, c.forked_from,
  c.forked_at, c.turn_id,  c.turn_status, c.leaf_id, c.updated_at, c.updated_seq, c.created_at, c.valid_from`;

export function fieldsOfRow(row: ConversationRow): ConversationFields {
  return {
    projectId: row.project_id,
    title: row.title,
    archived: row.archived,
    trashedAt: row.trashed_at,
    forkedFrom: row.forked_from && { conversationId: row.forked_from, at: row.forked_at },
    turn: row.turn_id && row.turn_status && { id: row.turn_id, status: row.turn_status },
    leafId: row.leaf_id,
    updatedAt: row.updated_at,
    updatedSeq: row.updated_seq,
    createdAt: row.created_at,
  } as ConversationFields;
}
