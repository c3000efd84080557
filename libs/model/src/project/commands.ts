import type { ProjectEvent, VersionOutcome } from './events.js';

/** A file whose content stands in the blobs already. */
export type NewFile = { sha256: string; size: number };
/** Files by their path. */
export type NewFiles = Record<string, NewFile>;

/** What anyone can ask of a project. Contents were stored before, and are named by their hash. */
export type ProjectCommand =
  | CreateProject
  | { type: 'renameProject'; title: string }
  /** Whatever is there is replaced: a writer that minds looks at the state first. */
  | { type: 'writeFile'; path: string; file: NewFile }
  | { type: 'deleteFile'; path: string }
  /** `files` is the whole set. What changes is a version of its own. */
  | { type: 'putProject'; title?: string; files?: NewFiles }
  | CommitVersion
  | { type: 'labelVersion'; version: number; name?: string | null; starred?: boolean }
  /** `files`: the tree of that version, which the caller looked up; null when there is no such version. */
  | { type: 'restoreVersion'; version: number; files: NewFiles | null };

/** With `files` the project begins with version 1 of them. */
export type CreateProject = {
  type: 'createProject';
  title: string;
  files?: NewFiles;
  metadata?: Record<string, unknown>;
  forkedFrom?: { projectId: string; version: number; seq: number };
};

/** Always makes a version: whoever asks knows that files of its own changed. */
export type CommitVersion = {
  type: 'commitVersion';
  turnId?: string;
  conversationId?: string;
  conversationSeq?: number;
  outcome?: VersionOutcome;
};

/** The project command of one type. */
export type ProjectCommandOf<T extends ProjectCommand['type']> = Extract<ProjectCommand, { type: T }>;

/** What a command means for a project: events, and the answer once they are committed. */
export type ProjectDecision = {
  /** To be appended as one unit at the state's `seq` + 1. Empty: the command changes nothing. */
  events: ProjectEvent[];
  /** The version that the command made or named; null when it is about none. */
  version: number | null;
  /** The HTTP status of the answer. */
  status: number;
};
