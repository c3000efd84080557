import type { Conversation } from '#contracts';
import type { ConversationFields } from './conversation.row.js';

export type ResourcePosition = { id: string; seq: number; epoch: string };

/** A conversation as lists and pages show it, and the log position that it is exact at. */
export function conversationResource(
  { id, seq, epoch }: ResourcePosition,
  fields: ConversationFields,
): Conversation {
  return {
    id,
    ...(fields.projectId !== null && { projectId: fields.projectId }),
    ...(fields.title !== null && { title: fields.title }),
    archived: fields.archived,
    ...(fields.trashedAt !== null && { trashedAt: fields.trashedAt }),
    ...(fields.forkedFrom !== null && { forkedFrom: fields.forkedFrom }),
    ...(fields.turn !== null && { turn: fields.turn }),
    ...(fields.leafId !== null && { leafId: fields.leafId }),
    seq,
    epoch,
    createdAt: fields.createdAt,
    updatedAt: fields.updatedAt,
  };
}
