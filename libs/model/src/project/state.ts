import type { Marker } from '../state.js';

/** A file of the working tree. */
export type ProjectFileState = {
  /** Hex SHA-256 of the content's UTF-8 bytes. */
  sha256: string;
  /** In bytes of UTF-8. */
  size: number;
  /** The seq of the event that wrote it. */
  seq: number;
};

/** What someone called a version; an absent field is as it was made. */
export type VersionLabel = { name?: string; starred?: true };

/** The state of one project after the events 1..seq: its working tree, whole. Plain JSON. */
export type ProjectState = {
  seq: number;
  id: string;
  title: string;
  metadata: Record<string, unknown>;
  forkedFrom: { projectId: string; version: number; seq: number } | null;
  /** By path. Look a path up with `fileAt`: one may be called `constructor`. */
  files: Record<string, ProjectFileState>;
  /** All files together. */
  bytes: number;
  /** The newest version's number and seq; both 0 before the first. */
  version: number;
  versionSeq: number;
  /** The seq of the last event that changed a file; 0 = none has. */
  changedSeq: number;
  /** By version number. */
  labels: Record<string, VersionLabel>;
  /** Events that could not be read. */
  markers: Marker[];
  createdAt: string;
  updatedAt: string;
};

/** The state before the first event. It is no project yet: `seq` is 0. */
export function initialProject(id: string): ProjectState {
  return {
    seq: 0,
    id,
    title: '',
    metadata: {},
    forkedFrom: null,
    files: {},
    bytes: 0,
    version: 0,
    versionSeq: 0,
    changedSeq: 0,
    labels: {},
    markers: [],
    createdAt: '',
    updatedAt: '',
  };
}

/** A state that `evolveProject` may change without changing `state`. */
export function copyProject(state: ProjectState): ProjectState {
  return {
    ...state,
    files: { ...state.files },
    labels: { ...state.labels },
    markers: [...state.markers],
  };
}

/** The file of that path; undefined where there is none. */
export function fileAt(
  { files }: { files: Record<string, ProjectFileState> },
  path: string,
): ProjectFileState | undefined {
  return Object.hasOwn(files, path) ? files[path] : undefined;
}

/** Whether files changed since the newest version. */
export function hasUncommitted(state: ProjectState): boolean {
  return state.changedSeq > state.versionSeq;
}
