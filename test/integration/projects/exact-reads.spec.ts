import { BlobStore } from '#event-log';
import { foldProject, fileType, type LoggedEvent, type ProjectState } from '#model';
import { eventsUpTo } from '../../support/projection-oracle.js';
import { appendCommand, asOwner, openProjects, type ProjectFixture } from '../../support/project-process.js';
import { contentCount, contentOf, randomCommand } from '../../support/project-story.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { READER } from '../../support/projections.js';

let open: ProjectFixture;
beforeAll(async () => {
  open = await openProjects();
  const texts = Array.from({ length: contentCount }, (_, n) => contentOf(n + 1));
  await new BlobStore(open.database).put(READER.tenantId, texts);
});
afterAll(() => open?.close());

/** A project with a random past; `between` is called after each step. */
async function tell(prng: Prng, steps: number, between: (id: string) => Promise<unknown>): Promise<string> {
  const { projectId } = await open.commands.create(asOwner(), { title: 'Story', metadata: { by: 'test' } });
  await between(projectId);
  for (let step = 0; step < steps; step += 1) {
    const { state } = (await open.repository.load(projectId))!;
    const command = randomCommand(prng, state);
    if (command.type === 'restoreVersion')
      await open.commands.restore(asOwner(), { projectId, ...command }).catch(() => 0);
    else await appendCommand(open, projectId, command).catch(() => 0);
    await between(projectId);
  }
  return projectId;
}

const treeOf = ({ files }: ProjectState) =>
  Object.fromEntries(
    Object.entries(files).map(([path, { sha256, size }]) => [path, { sha256, size, type: fileType(path) }]),
  );

/** Everything that is read of the project agrees with the fold of its events up to `at`. */
async function expectExact(id: string, events: LoggedEvent[], at: number): Promise<void> {
  const state = foldProject(id, events.slice(0, at));
  const tree = await open.trees.at(READER, id, at);
  expect({ at, tree }).toEqual({
    at,
    tree: {
      projectId: id,
      seq: at,
      version: state.version,
      title: state.title,
      files: treeOf(state),
      markers: [],
    },
  });
  const project = await open.projects.project(READER, id, { at });
  expect(project).toMatchObject({
    id,
    title: state.title,
    version: state.version,
    metadata: { by: 'test' },
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  });
  const sizes = Object.entries(project!.files).map(([path, { content }]) => [
    path,
    Buffer.byteLength(content),
  ]);
  expect(Object.fromEntries(sizes)).toEqual(
    Object.fromEntries(Object.entries(state.files).map(([path, { size }]) => [path, size])),
  );
  for (let version = 1; version <= state.version; version += 1) {
    const found = await open.projects.versionInfo(READER, id, version, { at });
    const { name, starred = false } = state.labels[version] ?? {};
    expect({ at, version, name: found?.name, starred: found?.starred }).toEqual({
      at,
      version,
      name,
      starred,
    });
  }
  expect(await open.projects.versionInfo(READER, id, state.version + 1, { at })).toBeNull();
}

/** What the versions were, from the log alone. */
function versionsOf(id: string, events: LoggedEvent[]): Map<number, ProjectState> {
  const made = events.filter(({ type }) =>
    ['ProjectVersionCommitted', 'ProjectVersionRestored'].includes(type),
  );
  return new Map(
    made.map(({ seq, data }) => [
      (data as { version: number }).version,
      foldProject(id, events.slice(0, seq)),
    ]),
  );
}

describe('reads of a project', () => {
  it('are exact at every seq, wherever its projection stands', async () => {
    const prng = createPrng('exact projects');
    for (let round = 0; round < 6; round += 1) {
      const lag = prng.pick([0, 0.3, 1]);
      const id = await tell(prng, 25, async (projectId) => {
        if (prng.next() < lag) expect(await open.runner.project(projectId)).toBe('current');
        const head = await open.log.head(projectId);
        expect(await open.trees.at(READER, projectId)).toEqual(await open.trees.at(READER, projectId, head));
      });
      const events = await eventsUpTo(open.log, id, await open.log.head(id));
      for (let at = 1; at <= events.length; at += prng.between(1, 4)) await expectExact(id, events, at);
      await open.runner.project(id);
      for (let at = 1; at <= events.length; at += prng.between(1, 4)) await expectExact(id, events, at);
      await expectExact(id, events, events.length);
    }
  }, 120_000);

  it('give every version whole, and pages of them, projected or not', async () => {
    const prng = createPrng('versions');
    const id = await tell(prng, 60, async () => undefined);
    const events = await eventsUpTo(open.log, id, await open.log.head(id));
    const versions = versionsOf(id, events);
    for (const projected of [false, true]) {
      if (projected) await open.runner.project(id);
      const listed: number[] = [];
      for (let before: number | undefined; ;) {
        const page = (await open.projects.versions(READER, id, { before, limit: 3 }))!;
        listed.push(...page.items.map(({ version }) => version));
        before = page.items.at(-1)?.version;
        if (!page.hasMore) break;
      }
      expect(listed).toEqual([...versions.keys()].toSorted((a, b) => b - a));
      for (const [version, state] of versions) {
        const whole = (await open.projects.version(READER, id, version))!;
        expect(whole).toMatchObject({ projectId: id, version, seq: state.seq, title: state.title });
        expect(Object.keys(whole.files).toSorted()).toEqual(Object.keys(state.files).toSorted());
        for (const [path, { sha256, size }] of Object.entries(state.files)) {
          const file = await open.projects.file(READER, id, version, path);
          expect(file).toEqual({ projectId: id, version, path, sha256, size, ...whole.files[path] });
        }
      }
    }
  }, 120_000);

  it('are null for others, for what is not there, and for a conversation', async () => {
    const { projectId } = await open.commands.create(asOwner(), { title: 'Mine' });
    for (const reader of [
      { tenantId: READER.tenantId, userId: 'bob' },
      { tenantId: 'other', userId: READER.userId },
    ]) {
      expect(await open.projects.project(reader, projectId)).toBeNull();
      expect(await open.trees.at(reader, projectId)).toBeNull();
      expect(await open.projects.versions(reader, projectId, { limit: 9 })).toBeNull();
    }
    expect(await open.projects.version(READER, projectId, 1)).toBeNull();
    expect(await open.projects.zip(READER, projectId, 1)).toBeNull();
    expect(await open.projects.diff(READER, projectId, 1, 2)).toBeNull();
    await expect(open.trees.at(READER, projectId, 99)).rejects.toThrow('99');
  });
});
