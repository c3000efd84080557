import type { LoggedEvent } from '../events.js';
import { lift, type Lifted } from '../upcast.js';
import {
  currentProjectVersions,
  projectEventSchemas,
  type ProjectEventData,
  type ProjectEventType,
} from './events.js';
import { copyProject, fileAt, initialProject, type ProjectState, type VersionLabel } from './state.js';

type Place = Pick<LoggedEvent, 'seq' | 'at'>;
type Handlers = {
  [T in ProjectEventType]: (state: ProjectState, data: ProjectEventData<T>, event: Place) => void;
};

const handlers: Handlers = {
  ProjectCreated(state, { title, metadata, forkedFrom }) {
    state.title = title;
    state.metadata = metadata ?? {};
    state.forkedFrom = forkedFrom ?? null;
  },
  ProjectRenamed(state, { title }) {
    state.title = title;
  },
  FileWritten(state, { path, sha256, size }, { seq }) {
    state.bytes += size - (fileAt(state, path)?.size ?? 0);
    setOwn(state.files, path, { sha256, size, seq });
    state.changedSeq = seq;
  },
  FileDeleted(state, { path }, { seq }) {
    const file = fileAt(state, path);
    if (!file) return;
    state.bytes -= file.size;
    delete state.files[path];
    state.changedSeq = seq;
  },
  ProjectVersionCommitted(state, { version }, { seq }) {
    state.version = version;
    state.versionSeq = seq;
  },
  ProjectVersionNamed(state, { version, name }) {
    label(state, version, { name: name ?? undefined });
  },
  ProjectVersionStarred(state, { version, starred }) {
    label(state, version, { starred: starred || undefined });
  },
  ProjectVersionRestored(state, { version }, { seq }) {
    state.version = version;
    state.versionSeq = seq;
  },
};

/** As `record[key] = value`, for any key: `__proto__` too, which a log of another hand may hold. */
function setOwn<T>(record: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true });
}

function label(state: ProjectState, version: number, change: { name?: string; starred?: true }): void {
  const changed: VersionLabel = { ...state.labels[version], ...change };
  if (changed.name === undefined) delete changed.name;
  if (changed.starred === undefined) delete changed.starred;
  if (Object.keys(changed).length === 0) delete state.labels[version];
  else state.labels[version] = changed;
}

/** The event in its newest shape, or the reason why it cannot be read. Never throws. */
export function readProjectEvent(
  event: LoggedEvent,
): { ok: true; event: Lifted<typeof projectEventSchemas> } | { ok: false; problem: string } {
  return lift(event, projectEventSchemas, {}, currentProjectVersions);
}

/**
 * The project after one more event; it never throws: an event that cannot be read or applied becomes a marker. It takes the
 * state over, as `evolve` does: whoever needs the state before keeps a `copyProject` of it. Files are replaced, never
 * changed.
 */
export function evolveProject(state: ProjectState, event: LoggedEvent): ProjectState {
  state.seq = event.seq;
  state.updatedAt = event.at;
  if (state.createdAt === '') state.createdAt = event.at;
  const read = readProjectEvent(event);
  if (!read.ok) {
    state.markers.push({ seq: event.seq, type: event.type, problem: read.problem });
    return state;
  }
  try {
    const handler = handlers[read.event.type] as (state: ProjectState, data: unknown, event: Place) => void;
    handler(state, read.event.data, event);
  } catch (error) {
    const problem = `could not be applied: ${error instanceof Error ? error.message : String(error)}`;
    state.markers.push({ seq: event.seq, type: event.type, problem });
  }
  return state;
}

/** The project after all `events`, in order, from `from` (which is left as it is) or from the beginning. */
export function foldProject(id: string, events: Iterable<LoggedEvent>, from?: ProjectState): ProjectState {
  let state = from ? copyProject(from) : initialProject(id);
  for (const event of events) state = evolveProject(state, event);
  return state;
}
