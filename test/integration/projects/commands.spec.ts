import { randomUUID } from 'node:crypto';
import { unzipSync, strFromU8 } from 'fflate';
import type { CommandContext } from '#commands';
import { IdempotencyKeyReused } from '#event-log';
import { DomainRefusal, MAX_FILE_BYTES } from '#model';
import type { ProjectAnswer } from '#projects';
import {
  appendCommand,
  asOwner,
  contents,
  openProjects,
  owner,
  type ProjectFixture,
  type ProjectProcess,
} from '../../support/project-process.js';
import { READER } from '../../support/projections.js';
import { contextOf } from '../../support/service-process.js';

let one: ProjectFixture;
let two: ProjectProcess;
beforeAll(async () => {
  one = await openProjects();
  two = await one.another();
});
afterAll(() => one?.close());

const create = (files: Record<string, string> = { 'index.html': '<p>1' }) =>
  one.commands.create(asOwner(), { title: 'One', files: contents(files) });
const texts = async (projectId: string, version?: number) => {
  const found =
    version === undefined
      ? await one.projects.project(READER, projectId)
      : await one.projects.version(READER, projectId, version);
  return Object.fromEntries(Object.entries(found!.files).map(([path, { content }]) => [path, content]));
};
const rows = async () =>
  one.database.query(
    'select (select count(*) from events)::int as events, (select count(*) from commands)::int as commands, (select count(*) from blobs)::int as blobs',
  );

const key = () => asOwner(randomUUID());

describe('versions', () => {
  it('are made by create, put and restore; a restore can be undone, and keeps later history', async () => {
    const { projectId, ...made } = await create({ 'a.txt': 'one', 'b.txt': 'b' });
    expect(made).toEqual({ status: 201, version: 1, seqFrom: 1, seqTo: 4, replayed: false });
    await one.commands.put(asOwner(), { projectId, files: contents({ 'a.txt': 'two', 'c.txt': 'c' }) });
    expect(await one.commands.restore(asOwner(), { projectId, version: 1 })).toMatchObject({ version: 3 });
    expect(await texts(projectId)).toEqual({ 'a.txt': 'one', 'b.txt': 'b' });
    expect(await one.commands.restore(asOwner(), { projectId, version: 2 })).toMatchObject({ version: 4 });
    expect(await texts(projectId)).toEqual({ 'a.txt': 'two', 'c.txt': 'c' });
    expect(await texts(projectId, 3)).toEqual({ 'a.txt': 'one', 'b.txt': 'b' });
    const { items } = (await one.projects.versions(READER, projectId, { limit: 9 }))!;
    expect(items.map(({ version, restoredFrom }) => [version, restoredFrom])).toEqual([
      [4, 2],
      [3, 1],
      [2, undefined],
      [1, undefined],
    ]);
  });

  it('hold what a turn had written when an old version was restored meanwhile', async () => {
    const { projectId } = await create({ 'a.txt': 'one' });
    const { 'new.txt': file } = await one.files.store(READER.tenantId, contents({ 'new.txt': 'new' }));
    await appendCommand(one, projectId, { type: 'writeFile', path: 'new.txt', file: file! });
    expect(await texts(projectId)).toEqual({ 'a.txt': 'one', 'new.txt': 'new' });
    const { version } = await one.commands.restore(asOwner(), { projectId, version: 1 });
    expect(version).toBe(3);
    expect(await texts(projectId)).toEqual({ 'a.txt': 'one' });
    expect(await texts(projectId, 2)).toEqual({ 'a.txt': 'one', 'new.txt': 'new' });
  });

  it('are named and starred, and an answer shows what they were called then', async () => {
    const { projectId } = await create();
    const named = await one.commands.labelVersion(asOwner(), {
      projectId,
      version: 1,
      name: 'First',
      starred: true,
    });
    await one.commands.labelVersion(asOwner(), { projectId, version: 1, name: null });
    const at = { at: named.seqTo };
    expect(await one.projects.versionInfo(READER, projectId, 1, at)).toMatchObject({
      name: 'First',
      starred: true,
    });
    const now = await one.projects.versionInfo(READER, projectId, 1);
    expect(now).toMatchObject({ starred: true });
    expect(now).not.toHaveProperty('name');
  });

  it('are compared and packed', async () => {
    const { projectId } = await create({ 'index.html': 'one\ntwo\n', 'old.css': 'a {}\n' });
    await one.commands.put(asOwner(), {
      projectId,
      files: contents({ 'index.html': 'one\n2\n', 'new.css': 'a {}\n' }),
    });
    const diff = (await one.projects.diff(READER, projectId, 1, 2))!;
    expect(diff.files).toEqual([
      expect.objectContaining({ path: 'index.html', status: 'modified', additions: 1, deletions: 1 }),
      { path: 'new.css', oldPath: 'old.css', status: 'renamed', additions: 0, deletions: 0, hunks: [] },
    ]);
    expect(await one.projects.unified(READER, projectId, 2, 1)).toContain('-2\n+two');
    expect((await one.projects.diff(READER, projectId, 2, 2))!.files).toEqual([]);
    const { fileName, bytes } = (await one.projects.zip(READER, projectId, 1))!;
    expect(fileName).toBe('one-v1.zip');
    const packed = Object.entries(unzipSync(bytes)).map(([path, data]) => [path, strFromU8(data)]);
    expect(Object.fromEntries(packed)).toEqual({ 'index.html': 'one\ntwo\n', 'old.css': 'a {}\n' });
  });
});

describe('a fork', () => {
  it('begins with the tree of a version, of a seq, or of now, and goes its own way', async () => {
    const { projectId } = await create({ 'a.txt': 'one' });
    const put = await one.commands.put(asOwner(), { projectId, files: contents({ 'a.txt': 'two' }) });
    const forks = await Promise.all([
      one.commands.fork(asOwner(), { projectId, version: 1, title: 'Fork' }),
      one.commands.fork(asOwner(), { projectId, seq: put.seqTo - 2 }),
      one.commands.fork(asOwner(), { projectId }),
    ]);
    const found = await Promise.all(forks.map(({ projectId: id }) => one.projects.project(READER, id)));
    expect(found.map((fork) => [fork!.title, fork!.files['a.txt']!.content, fork!.forkedFrom])).toEqual([
      ['Fork', 'one', { projectId, version: 1 }],
      ['One', 'one', { projectId, version: 1 }],
      ['One', 'two', { projectId, version: 2 }],
    ]);
    await one.commands.put(asOwner(), { projectId: forks[0].projectId, files: {} });
    expect(await texts(projectId)).toEqual({ 'a.txt': 'two' });
  });

  it('is refused of a point that never was, and of what is not yours', async () => {
    const { projectId } = await create();
    const refused = { code: 'not_found', status: 404 };
    await expect(one.commands.fork(asOwner(), { projectId, version: 2 })).rejects.toMatchObject(refused);
    await expect(one.commands.fork(asOwner(), { projectId, seq: 99 })).rejects.toMatchObject(refused);
    await expect(
      one.commands.fork(contextOf({ ...owner, userId: 'bob' }), { projectId }),
    ).rejects.toMatchObject(refused);
    await expect(one.commands.fork(asOwner(), { projectId: randomUUID() })).rejects.toMatchObject(refused);
  });
});

describe('a refused command', () => {
  it('leaves nothing behind', async () => {
    const { projectId } = await create();
    const before = await rows();
    const large = 'x'.repeat(MAX_FILE_BYTES + 1);
    const refused = [
      one.commands.create(key(), { title: 'T', files: contents({ 'a.txt': 'new content', '../b': 'x' }) }),
      one.commands.put(key(), {
        projectId,
        files: contents({ 'large.txt': large, 'a.txt': 'other content' }),
      }),
      one.commands.put(key(), { projectId, files: contents({ a: 'x', 'a/b': 'y' }) }),
      one.commands.restore(key(), { projectId, version: 2 }),
      one.commands.labelVersion(key(), { projectId, version: 2, name: 'x' }),
      one.commands.put(contextOf({ ...owner, userId: 'bob' }, randomUUID()), {
        projectId,
        files: contents({ 'a.txt': "bob's" }),
      }),
      one.commands.put({ ...key(), expectedSeq: 1 }, { projectId, title: 'x' }),
    ];
    const codes = await Promise.all(
      refused.map((command) => command.catch((error: DomainRefusal) => error.code)),
    );
    expect(codes).toEqual([
      'invalid_path',
      'file_too_large',
      'path_clash',
      'not_found',
      'not_found',
      'not_found',
      'wrong_expected_seq',
    ]);
    expect(await rows()).toEqual(before);
  });
});

async function manyTimes(send: (context: CommandContext, where: ProjectProcess) => Promise<ProjectAnswer>) {
  const name = randomUUID();
  const atOnce = Array.from({ length: 60 }, (_, n) => send(asOwner(name), n % 2 ? one : two));
  const answers = [
    ...(await Promise.all(atOnce)),
    await send(asOwner(name), one),
    await send(asOwner(name), two),
  ];
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  for (const answer of answers) expect({ ...answer, replayed: 0 }).toEqual({ ...answers[0], replayed: 0 });
  return { answer: answers[0]!, key: name };
}

describe('a command with a key, 60 times at once in two processes and again later', () => {
  test('creates one project', async () => {
    const { answer, key: used } = await manyTimes((context, { commands }) =>
      commands.create(context, { title: 'Once', files: contents({ 'index.html': 'x' }) }),
    );
    expect(await one.log.head(answer.projectId)).toBe(3);
    const other = one.commands.create(asOwner(used, 'another body'), { title: 'Other' });
    await expect(other).rejects.toBeInstanceOf(IdempotencyKeyReused);
  });

  test('puts, restores and forks once', async () => {
    const { projectId } = await create({ a: '1' });
    const put = await manyTimes((context, { commands }) =>
      commands.put(context, { projectId, files: contents({ a: '2' }) }),
    );
    expect(put.answer).toMatchObject({ version: 2 });
    const restored = await manyTimes((context, { commands }) =>
      commands.restore(context, { projectId, version: 1 }),
    );
    expect(restored.answer).toMatchObject({ version: 3 });
    await manyTimes((context, { commands }) =>
      commands.labelVersion(context, { projectId, version: 1, starred: true }),
    );
    const fork = await manyTimes((context, { commands }) => commands.fork(context, { projectId }));
    expect(fork.answer.projectId).not.toBe(projectId);
    expect(await one.log.head(projectId)).toBe(3 + 2 + 2 + 1);
  });

  test('that changes nothing, writes its answer alone', async () => {
    const { projectId, seqTo } = await create({ a: '1' });
    const { answer } = await manyTimes((context, { commands }) =>
      commands.put(context, { projectId, files: contents({ a: '1' }) }),
    );
    expect(answer).toMatchObject({ seqFrom: null, seqTo, version: null });
    expect(await one.log.head(projectId)).toBe(seqTo);
  });
});

test('writers of one project at once lose nothing: versions are in order, and each is whole', async () => {
  const { projectId } = await create({ 'a.txt': '0' });
  const put = (n: number) =>
    (n % 2 ? one : two).commands.put(asOwner(), {
      projectId,
      files: contents({ 'a.txt': `${n}`, [`f${n}.txt`]: 'x' }),
    });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => put(n + 1)));
  expect(answers.map(({ version }) => version).toSorted((a, b) => a! - b!)).toEqual(
    Array.from({ length: 40 }, (_, n) => n + 2),
  );
  for (const [index, { version }] of answers.entries()) {
    expect(await texts(projectId, version!)).toEqual({ 'a.txt': `${index + 1}`, [`f${index + 1}.txt`]: 'x' });
  }
}, 60_000);
