import type { ProjectState } from '#model';

/** A project as a list shows it. */
export type ProjectFields = {
  title: string;
  metadata: Record<string, unknown>;
  forkedFrom: ProjectState['forkedFrom'];
  version: number;
  /** These follow every event; title and version make a new row. */
  files: number;
  bytes: number;
  updatedAt: string;
  updatedSeq: number;
  createdAt: string;
};

export function fieldsOfProject(state: ProjectState): ProjectFields {
  const { title, metadata, forkedFrom, version, files, bytes, updatedAt, seq, createdAt } = state;
  const count = Object.keys(files).length;
  return { title, metadata, forkedFrom, version, files: count, bytes, updatedAt, updatedSeq: seq, createdAt };
}

/** Whether a read at an earlier seq may see the later fields: else the change makes a new row. */
export function sameRow(a: ProjectFields, b: ProjectFields): boolean {
  return a.title === b.title && a.version === b.version && a.createdAt === b.createdAt;
}

export type ProjectRow = {
  project_id: string;
  title: string;
  metadata: Record<string, unknown>;
  forked_from: ProjectState['forkedFrom'];
  version: number;
  files: number;
  bytes: number;
  updated_at: string;
  updated_seq: number;
  created_at: string;
  valid_from: number;
};

/** The columns of `ProjectRow`, for a select from `projects p`. */
export const projectColumns = `p.project_id, p.title, p.metadata, p.forked_from, p.version, p.files, p.bytes,
  p.updated_at, p.updated_seq, p.created_at, p.valid_from`;

export function fieldsOfRow(row: ProjectRow): ProjectFields {
  return {
    title: row.title,
    metadata: row.metadata,
    forkedFrom: row.forked_from,
    version: row.version,
    files: row.files,
    bytes: row.bytes,
    updatedAt: row.updated_at,
    updatedSeq: row.updated_seq,
    createdAt: row.created_at,
  };
}
