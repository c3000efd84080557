import { projectStory, sha } from '../../../../test/support/project-story.js';
import { DomainRefusal } from '../refusal.js';
import type { NewFiles, ProjectCommand } from './commands.js';
import { decideProject } from './decide.js';
import { MAX_FILE_BYTES, MAX_FILES, MAX_PROJECT_BYTES } from './paths.js';
import { foldProject } from './evolve.js';
import type { ProjectState } from './state.js';

const file = (name: string, size = 1) => ({ sha256: sha(name), size });
const files = (...names: string[]): NewFiles => Object.fromEntries(names.map((name) => [name, file(name)]));
const decide = (state: ProjectState, command: ProjectCommand) => {
  const before = structuredClone(state);
  const decision = decideProject(state, command);
  expect(state).toEqual(before);
  return decision;
};
const types = (state: ProjectState, command: ProjectCommand) =>
  decide(state, command).events.map(({ type, data }) => [type, 'path' in data ? data.path : undefined]);
const refusal = (state: ProjectState, command: ProjectCommand): Partial<DomainRefusal> => {
  try {
    decideProject(state, command);
  } catch (error) {
    return error as DomainRefusal;
  }
  throw new Error('it was not refused');
};

/** Version 1 holds a and b, version 2 a alone; c is in no version yet. */
const project = projectStory((story) => {
  story.tell({ type: 'createProject', title: 'One', files: files('a', 'b') });
  story.tell({ type: 'putProject', files: files('a') });
  story.tell({ type: 'writeFile', path: 'c', file: file('c') });
});
const nothing = foldProject(project.id, []);

const write = (path: string, name = 'new'): ProjectCommand => ({
  type: 'writeFile',
  path,
  file: file(name),
});

const restore = (version: number, tree: NewFiles | null): ProjectCommand => ({
  type: 'restoreVersion',
  version,
  files: tree,
});

const label = (more: { name?: string | null; starred?: boolean }, version = 1): ProjectCommand => ({
  type: 'labelVersion',
  version,
  ...more,
});

describe('createProject', () => {
  it('begins with version 1 of its files, in path order', () => {
    const decision = decide(nothing, { type: 'createProject', title: 'T', files: files('b', 'a') });
    expect(decision).toMatchObject({ status: 201, version: 1 });
    expect(decision.events.map(({ type }) => type)).toEqual([
      'ProjectCreated',
      'FileWritten',
      'FileWritten',
      'ProjectVersionCommitted',
    ]);
    expect(decision.events[1]).toEqual({ type: 'FileWritten', data: { path: 'a', ...file('a') } });
  });
  it('has no version without files', () =>
    expect(decide(nothing, { type: 'createProject', title: 'T' })).toMatchObject({
      events: [{ type: 'ProjectCreated', data: { title: 'T' } }],
      version: null,
    }));
  it('is refused where there is one', () =>
    expect(refusal(project, { type: 'createProject', title: 'T' })).toMatchObject({
      code: 'project_exists',
    }));
});

test('nothing can be done to a project that is not there', () =>
  expect(refusal(nothing, { type: 'renameProject', title: 'x' })).toMatchObject({ status: 404 }));

describe('writeFile and deleteFile', () => {
  it('replace and take away whatever is there', () => {
    expect(types(project, write('a'))).toEqual([['FileWritten', 'a']]);
    expect(types(project, write('new'))).toHaveLength(1);
    expect(types(project, { type: 'deleteFile', path: 'a' })).toEqual([['FileDeleted', 'a']]);
  });
  it('change nothing where it is so already', () => expect(types(project, write('a', 'a'))).toEqual([]));
  it('know no inherited names', () => {
    expect(refusal(project, { type: 'deleteFile', path: 'constructor' })).toMatchObject({ status: 404 });
    expect(types(project, write('constructor'))).toHaveLength(1);
  });
  it('refuse bad paths and too much', () => {
    expect(refusal(project, write('../x'))).toMatchObject({
      code: 'invalid_path',
      status: 400,
      field: 'path',
    });
    expect(refusal(project, write('a/x'))).toMatchObject({ code: 'path_clash', field: 'path' });
    const large = { type: 'writeFile', path: 'x', file: file('x', MAX_FILE_BYTES + 1) } as const;
    expect(refusal(project, large)).toMatchObject({ code: 'file_too_large', field: 'path' });
  });
});

describe('putProject', () => {
  it('makes the files the whole set, and a version of it', () => {
    const decision = decide(project, { type: 'putProject', title: 'Two', files: files('d', 'c') });
    expect(decision.version).toBe(3);
    expect(decision.events.map(({ type, data }) => [type, 'path' in data ? data.path : null])).toEqual([
      ['ProjectRenamed', null],
      ['FileDeleted', 'a'],
      ['FileWritten', 'd'],
      ['ProjectVersionCommitted', null],
    ]);
  });
  it('changes nothing where all is so already', () =>
    expect(types(project, { type: 'putProject', title: 'One', files: files('a', 'c') })).toEqual([]));
  it('can empty the project', () =>
    expect(types(project, { type: 'putProject', files: {} })).toEqual([
      ['FileDeleted', 'a'],
      ['FileDeleted', 'c'],
      ['ProjectVersionCommitted', undefined],
    ]));
  it('names the file that is to blame', () => {
    expect(refusal(project, { type: 'putProject', files: files('ok', '/no') })).toMatchObject({
      code: 'invalid_path',
      field: 'files./no',
    });
    const many = files(...Array.from({ length: MAX_FILES + 1 }, (_, n) => `f${n}`));
    expect(refusal(project, { type: 'putProject', files: many })).toMatchObject({
      code: 'too_many_files',
      field: 'files',
    });
    const count = MAX_PROJECT_BYTES / MAX_FILE_BYTES;
    const full = Object.fromEntries(
      Array.from({ length: count }, (_, n) => [`f${n}`, file('x', MAX_FILE_BYTES)]),
    );
    expect(types(project, { type: 'putProject', files: full })).toHaveLength(count + 3);
    expect(refusal(project, { type: 'putProject', files: { ...full, more: file('y') } })).toMatchObject({
      code: 'project_too_large',
    });
  });
});

describe('restoreVersion', () => {
  it('keeps what is in no version yet, makes the tree, and is a version itself', () => {
    const { events, version } = decide(project, restore(1, files('a', 'b')));
    expect(version).toBe(4);
    expect(events).toEqual([
      { type: 'ProjectVersionCommitted', data: { version: 3 } },
      { type: 'FileDeleted', data: { path: 'c' } },
      { type: 'FileWritten', data: { path: 'b', ...file('b') } },
      { type: 'ProjectVersionRestored', data: { ofVersion: 1, version: 4 } },
    ]);
  });
  it('changes nothing where the version is current', () => {
    const clean = projectStory((story) =>
      story.tell({ type: 'createProject', title: 'T', files: files('a') }),
    );
    expect(decide(clean, restore(1, files('a')))).toMatchObject({ events: [], version: 1 });
  });
  it('is refused for a version that there is not', () => {
    expect(refusal(project, restore(3, null))).toMatchObject({
      code: 'not_found',
      status: 404,
      field: 'version',
    });
    expect(refusal(project, restore(0, null))).toMatchObject({ status: 404 });
  });
});

describe('labelVersion', () => {
  it('names and stars, each once', () => {
    expect(decide(project, label({ name: 'First', starred: true })).events).toEqual([
      { type: 'ProjectVersionNamed', data: { version: 1, name: 'First' } },
      { type: 'ProjectVersionStarred', data: { version: 1, starred: true } },
    ]);
    const labelled = projectStory((story) => {
      story.tell({ type: 'createProject', title: 'T', files: files('a') });
      story.tell(label({ name: 'First', starred: true }));
    });
    expect(types(labelled, label({ name: 'First', starred: true }))).toEqual([]);
    expect(decide(labelled, label({ name: null })).events).toEqual([
      { type: 'ProjectVersionNamed', data: { version: 1, name: null } },
    ]);
  });
  it('changes nothing where there is nothing to take away', () =>
    expect(types(project, label({ name: null, starred: false }))).toEqual([]));
  it('is refused for a version that there is not', () =>
    expect(refusal(project, label({ name: 'x' }, 9))).toMatchObject({ status: 404 }));
});

test('commitVersion always makes one, and says whose', () =>
  expect(decide(project, { type: 'commitVersion', outcome: 'cancelled', conversationSeq: 7 })).toMatchObject({
    version: 3,
    events: [{ data: { version: 3, outcome: 'cancelled', conversationSeq: 7 } }],
  }));
