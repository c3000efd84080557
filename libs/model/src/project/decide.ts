import { DomainRefusal } from '../refusal.js';
import type { NewFiles, ProjectCommand, ProjectCommandOf, ProjectDecision } from './commands.js';
import { changesTo, requireFits, requirePath } from './decide-files.js';
import type { ProjectEvent, ProjectEventData, ProjectEventType } from './events.js';
import { fileAt, hasUncommitted, type ProjectState } from './state.js';

type Decide<T extends ProjectCommand['type']> = (
  state: ProjectState,
  command: ProjectCommandOf<T>,
) => ProjectDecision;

/** JSON knows no `undefined`: a field that was not given is not written. */
function event<T extends ProjectEventType>(type: T, data: ProjectEventData<T>): ProjectEvent {
  const given = Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
  return { type, data: given } as ProjectEvent;
}

function decision(events: ProjectEvent[], version: number | null = null, status = 200): ProjectDecision {
  return { events, version, status };
}

function requireVersion(state: ProjectState, version: number): void {
  if (version >= 1 && version <= state.version) return;
  throw new DomainRefusal('not_found', 404, `There is no version ${version}.`, 'version');
}

/** The events that make the working tree these files. */
function filesBecome(state: ProjectState, files: NewFiles): ProjectEvent[] {
  const { written, deleted } = changesTo(state, files);
  return [
    ...deleted.map((path) => event('FileDeleted', { path })),
    ...written.map(([path, { sha256, size }]) => event('FileWritten', { path, sha256, size })),
  ];
}

const deciders: { [T in ProjectCommand['type']]: Decide<T> } = {
  createProject(state, { title, files = {}, metadata, forkedFrom }) {
    if (state.seq > 0)
      throw new DomainRefusal('project_exists', 409, 'There is a project with this id already.');
    requireFits(files, 'files');
    const created = event('ProjectCreated', { title, metadata, forkedFrom });
    const written = filesBecome(state, files);
    if (written.length === 0) return decision([created], null, 201);
    return decision([created, ...written, event('ProjectVersionCommitted', { version: 1 })], 1, 201);
  },
  renameProject(state, { title }) {
    return decision(state.title === title ? [] : [event('ProjectRenamed', { title })]);
  },
  writeFile(state, { path, file }) {
    requirePath(path, 'path');
    if (fileAt(state, path)?.sha256 === file.sha256) return decision([]);
    requireFits({ ...state.files, [path]: file }, 'path');
    return decision([event('FileWritten', { path, ...file })]);
  },
  deleteFile(state, { path }) {
    if (!fileAt(state, path)) throw new DomainRefusal('not_found', 404, `There is no file ${path}.`, 'path');
    return decision([event('FileDeleted', { path })]);
  },
  putProject(state, { title, files }) {
    if (files) requireFits(files, 'files');
    const renamed = title === undefined || title === state.title ? [] : [event('ProjectRenamed', { title })];
    const changed = files ? filesBecome(state, files) : [];
    if (changed.length === 0) return decision(renamed);
    const version = state.version + 1;
    return decision([...renamed, ...changed, event('ProjectVersionCommitted', { version })], version);
  },
  commitVersion(state, { turnId, conversationId, conversationSeq, outcome }) {
    const version = state.version + 1;
    const turn = { turnId, conversationId, conversationSeq, outcome };
    return decision([event('ProjectVersionCommitted', { version, ...turn })], version);
  },
  labelVersion(state, { version, name, starred }) {
    requireVersion(state, version);
    const label = state.labels[version] ?? {};
    const events: ProjectEvent[] = [];
    const wanted = name === undefined ? label.name : (name ?? undefined);
    if (wanted !== label.name) events.push(event('ProjectVersionNamed', { version, name: wanted ?? null }));
    if (starred !== undefined && starred !== (label.starred ?? false))
      events.push(event('ProjectVersionStarred', { version, starred }));
    return decision(events, version);
  },
  /** Changes that are in no version yet become one first: a restore loses nothing, so it can be undone. */
  restoreVersion(state, { version: ofVersion, files }) {
    requireVersion(state, ofVersion);
    if (files === null)
      throw new DomainRefusal('not_found', 404, `There is no version ${ofVersion}.`, 'version');
    const uncommitted = hasUncommitted(state);
    if (ofVersion === state.version && !uncommitted) return decision([], ofVersion);
    const kept = uncommitted ? [event('ProjectVersionCommitted', { version: state.version + 1 })] : [];
    const version = state.version + kept.length + 1;
    const restored = event('ProjectVersionRestored', { ofVersion, version });
    return decision([...kept, ...filesBecome(state, files), restored], version);
  },
};

/**
 * The events that a command means for a project in this state. Pure. A command that asks for what is so already decides no
 * events.
 * @throws DomainRefusal `not_found` (404), `project_exists` (409), `invalid_path`, `path_clash`, `file_too_large`,
 * `too_many_files`, `project_too_large` (all 400)
 */
export function decideProject(state: ProjectState, command: ProjectCommand): ProjectDecision {
  if (command.type !== 'createProject' && state.seq === 0)
    throw new DomainRefusal('not_found', 404, 'There is no such project.', 'projectId');
  const decider = deciders[command.type] as Decide<ProjectCommand['type']>;
  return decider(state, command);
}
