import { createPrng } from '../../../../test/support/prng.js';
import { logged, projectStory, randomCommand, sha } from '../../../../test/support/project-story.js';
import { evolveProject, foldProject } from './evolve.js';
import { copyProject, fileAt, hasUncommitted, initialProject } from './state.js';

const id = '00000000-0000-7000-8000-00000000000a';
const written = (path: string, name: string, size: number) => ({ path, sha256: sha(name), size });

describe('evolveProject', () => {
  it('keeps tree, sizes, versions and labels', () => {
    const state = foldProject(id, [
      logged(1, 'ProjectCreated', { title: 'One', metadata: { k: 1 } }),
      logged(2, 'FileWritten', written('a', 'a', 5)),
      logged(3, 'FileWritten', written('b', 'b', 7)),
      logged(4, 'ProjectVersionCommitted', { version: 1 }),
      logged(5, 'FileWritten', written('a', 'a2', 1)),
      logged(6, 'FileDeleted', { path: 'b' }),
      logged(7, 'ProjectVersionNamed', { version: 1, name: 'First' }),
      logged(8, 'ProjectRenamed', { title: 'Two' }),
    ]);
    expect(state).toEqual({
      ...initialProject(id),
      seq: 8,
      title: 'Two',
      metadata: { k: 1 },
      files: { a: { sha256: sha('a2'), size: 1, seq: 5 } },
      bytes: 1,
      version: 1,
      versionSeq: 4,
      changedSeq: 6,
      labels: { 1: { name: 'First' } },
      createdAt: logged(1, '', {}).at,
      updatedAt: logged(8, '', {}).at,
    });
    expect(hasUncommitted(state)).toBe(true);
  });

  it('marks what it cannot read, and goes on', () => {
    const state = foldProject(id, [
      logged(1, 'ProjectCreated', { title: 'One' }),
      logged(2, 'Unheard', {}),
      logged(3, 'FileWritten', { path: 'a', sha256: 'short', size: 1 }),
      logged(4, 'FileWritten', null),
      { ...logged(5, 'ProjectRenamed', { title: 'x' }), schemaVersion: 2 },
      logged(6, 'ProjectRenamed', { title: 'Two' }),
    ]);
    expect(state.markers.map(({ seq }) => seq)).toEqual([2, 3, 4, 5]);
    expect(state).toMatchObject({ seq: 6, title: 'Two', files: {} });
  });

  it('holds a file of any name', () => {
    const state = foldProject(id, [
      logged(1, 'ProjectCreated', { title: 'One' }),
      logged(2, 'FileWritten', written('__proto__', 'a', 1)),
      logged(3, 'FileWritten', written('toString', 'b', 2)),
      logged(4, 'FileDeleted', { path: 'valueOf' }),
    ]);
    expect(Object.keys(state.files)).toEqual(['__proto__', 'toString']);
    expect(fileAt(state, 'valueOf')).toBeUndefined();
    expect(state.bytes).toBe(3);
  });

  it('gives the same from any cut, and leaves what it started from as it was', () => {
    const prng = createPrng('project prefix and suffix');
    for (let round = 0; round < 100; round += 1) {
      let events: ReturnType<typeof logged>[] = [];
      projectStory((story) => {
        for (let n = 0; n < 40; n += 1) story.try(randomCommand(prng, story.state));
        events = story.events;
      });
      const cut = prng.between(0, events.length);
      const whole = foldProject(id, events);
      const half = foldProject(id, events.slice(0, cut));
      const before = structuredClone(half);
      expect(foldProject(id, events.slice(cut), half)).toEqual(whole);
      expect(half).toEqual(before);
      expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
      const sum = Object.values(whole.files).reduce((bytes, { size }) => bytes + size, 0);
      expect(whole.bytes).toBe(sum);
    }
  });
});

test('copyProject keeps the state before', () => {
  const state = foldProject(id, [logged(1, 'ProjectCreated', { title: 'One' })]);
  evolveProject(copyProject(state), logged(2, 'FileWritten', written('a', 'a', 1)));
  expect(state.files).toEqual({});
});
