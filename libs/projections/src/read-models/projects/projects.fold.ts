import {
  copyProject,
  evolveProject,
  fileType,
  readProjectEvent,
  type LoggedEvent,
  type ProjectState,
} from '#model';
import { refuseMarker, type FoldedChanges, type ProjectionFold } from '../../projection.js';
import { fieldsOfProject, sameRow, type ProjectFields } from './project.row.js';
import { RowLedger, type NewRow, type RowChanges } from './row-ledger.js';
import type { VersionFields } from './version.row.js';

/** One content of one path. It is in the versions from `fromVersion` up to, without it, `toVersion`. */
export type FileFields = {
  path: string;
  type: string;
  sha256: string;
  size: number;
  fromVersion: number;
  toVersion: number | null;
};

type Stored<Fields> = { fields: Fields; validFrom: number };

export type ProjectsContext = {
  state: ProjectState;
  /** The row that the table holds as current; null before the first event. */
  current: Stored<ProjectFields> | null;
  /** Current rows of the stored versions that the events name. */
  versions: Stored<VersionFields>[];
};

export type ProjectsChanges = FoldedChanges & {
  /** The project after all events, whole. */
  state: ProjectState;
  /** The stored row of the project, with what follows every event; `validTo` null: it still stands. */
  followed: NewRow<ProjectFields> | null;
  inserted: NewRow<ProjectFields>[];
  versions: RowChanges<number, VersionFields>;
  files: RowChanges<string, FileFields>;
};

type Ledgers = { versions: RowLedger<number, VersionFields>; files: RowLedger<string, FileFields> };

/** Events → the rows of a project, its versions and its files. */
export const projectsFold: ProjectionFold<ProjectsContext, ProjectsChanges> = {
  fold(context, events, options) {
    let state = copyProject(context.state);
    let open = context.current && { ...context.current, stored: true };
    let followed: NewRow<ProjectFields> | null = null;
    const inserted: NewRow<ProjectFields>[] = [];
    const close = (validTo: number | null): void => {
      if (!open) return;
      const row = { fields: open.fields, validFrom: open.validFrom, validTo };
      if (open.stored) followed = row;
      else inserted.push(row);
    };
    const ledgers: Ledgers = {
      versions: new RowLedger(context.versions.map((row) => [row.fields.version, row])),
      files: new RowLedger(storedFiles(state)),
    };
    for (const [index, event] of events.entries()) {
      options.begin?.(index);
      state = evolveProject(state, event);
      refuseMarker(state, options);
      note(ledgers, state, event);
      const fields = fieldsOfProject(state);
      if (open && sameRow(open.fields, fields)) {
        open.fields = fields;
        continue;
      }
      close(event.seq);
      open = { fields, validFrom: event.seq, stored: false };
    }
    if (events.length > 0) close(null);
    return {
      state: { ...state, markers: [] },
      markers: state.markers,
      followed,
      inserted,
      versions: ledgers.versions.changes(),
      files: ledgers.files.changes(),
    };
  },
};

/** Of a stored row that ends only the key and the seq are needed; both are in the state. */
function storedFiles({ files }: ProjectState): [string, Stored<FileFields>][] {
  return Object.entries(files).map(([path, { sha256, size, seq }]) => [
    path,
    { fields: { path, type: fileType(path), sha256, size, fromVersion: 0, toVersion: null }, validFrom: seq },
  ]);
}

/** `state` is the one after the event. */
function note({ files, versions }: Ledgers, state: ProjectState, logged: LoggedEvent): void {
  const read = readProjectEvent(logged);
  if (!read.ok) return;
  const { type, data, seq, at } = read.event;
  const next = state.version + 1;
  switch (type) {
    case 'FileWritten': {
      const { path, sha256, size } = data;
      const fields = { path, type: fileType(path), sha256, size, fromVersion: next, toVersion: null };
      files.put(path, fields, seq, { toVersion: next });
      break;
    }
    case 'FileDeleted':
      files.end(data.path, seq, { toVersion: next });
      break;
    case 'ProjectVersionCommitted':
      versions.put(data.version, versionOf(state, { ...data, createdAt: at }), seq);
      break;
    case 'ProjectVersionRestored':
      versions.put(
        data.version,
        versionOf(state, { version: data.version, restoredFrom: data.ofVersion, createdAt: at }),
        seq,
      );
      break;
    case 'ProjectVersionNamed':
    case 'ProjectVersionStarred': {
      const fields = versions.get(data.version);
      const { name = null, starred = false } = state.labels[data.version] ?? {};
      if (fields) versions.put(data.version, { ...fields, name, starred }, seq);
      break;
    }
    case 'ProjectCreated':
    case 'ProjectRenamed':
      break;
    default:
      return type satisfies never;
  }
}

type MadeVersion = Partial<VersionFields> & Pick<VersionFields, 'version' | 'createdAt'>;

function versionOf(state: ProjectState, made: MadeVersion): VersionFields {
  const { version, createdAt, turnId, conversationId, conversationSeq, outcome, restoredFrom } = made;
  return {
    version,
    seq: state.seq,
    turnId: turnId ?? null,
    conversationId: conversationId ?? null,
    conversationSeq: conversationSeq ?? null,
    outcome: outcome ?? null,
    restoredFrom: restoredFrom ?? null,
    name: null,
    starred: false,
    files: Object.keys(state.files).length,
    bytes: state.bytes,
    createdAt,
  };
}
