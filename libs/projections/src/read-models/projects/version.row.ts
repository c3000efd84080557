import type { VersionOutcome } from '#model';

/** A version as its rows hold it; the name and the star are those of the row's validity. */
export type VersionFields = {
  version: number;
  seq: number;
  turnId: string | null;
  conversationId: string | null;
  conversationSeq: number | null;
  outcome: VersionOutcome | null;
  restoredFrom: number | null;
  name: string | null;
  starred: boolean;
  files: number;
  bytes: number;
  createdAt: string;
};

export type VersionRow = {
  version: number;
  seq: number;
  turn_id: string | null;
  conversation_id: string | null;
  conversation_seq: number | null;
  outcome: VersionOutcome | null;
  restored_from: number | null;
  name: string | null;
  starred: boolean;
  files: number;
  bytes: number;
  created_at: string;
  valid_from: number;
};

/** The columns of `VersionRow`, for a select from `project_versions v`. */
export const versionColumns = `v.version, v.seq, v.turn_id, v.conversation_id, v.conversation_seq, v.outcome,
  v.restored_from, v.name, v.starred, v.files, v.bytes, v.created_at, v.valid_from`;

export function fieldsOfVersionRow(row: VersionRow): VersionFields {
  return {
    version: row.version,
    seq: row.seq,
    turnId: row.turn_id,
    conversationId: row.conversation_id,
    conversationSeq: row.conversation_seq,
    outcome: row.outcome,
    restoredFrom: row.restored_from,
    name: row.name,
    starred: row.starred,
    files: row.files,
    bytes: row.bytes,
    createdAt: row.created_at,
  };
}
