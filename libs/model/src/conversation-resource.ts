import type { Conversation } from '#contracts';
import { isOpen, type ConversationState } from './state.js';

/** A conversation as a list shows it. */
export type ConversationFields = {
  projectId: string | null;
  title: string | null;
  archived: boolean;
  trashedAt: string | null;
  /** The conversation that it goes on from, and after which seq. */
  forkedFrom: { conversationId: string; at: number } | null;
  /** The open turn. */
  turn: { id: string; status: 'requested' | 'running' } | null;
  /** These three follow every event; the others make a new version. */
  leafId: string | null;
  updatedAt: string;
  updatedSeq: number;
  createdAt: string;
};

/** What of a folded state a list shows; no message is looked at, so a partial state will do. */
export function fieldsOfState(state: ConversationState): ConversationFields {
  const { projectId, title, archived, trashedAt, forkedFrom, turn, leafId, updatedAt, createdAt } = state;
  const open = isOpen(turn) && (turn.status === 'requested' || turn.status === 'running') ? turn : null;
  return {
    projectId,
    title,
    archived,
    trashedAt,
    forkedFrom,
    turn: open && { id: open.turnId, status: open.status as 'requested' | 'running' },
    leafId,
    updatedAt,
    updatedSeq: state.seq,
    createdAt,
  };
}

/** Which conversation, and the log position that the resource is exact at. */
export type ResourcePosition = { id: string; seq: number; epoch: string };

/** A conversation as lists and pages show it: the same made by a server from rows and by a browser from events. */
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

/** A folded conversation as the server shows it at that seq. */
export function conversationOfState(state: ConversationState, epoch: string): Conversation {
  return conversationResource({ id: state.id, seq: state.seq, epoch }, fieldsOfState(state));
}
