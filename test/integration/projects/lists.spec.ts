import {
  asOwner,
  contents,
  openProjects,
  owner,
  type ProjectFixture,
} from '../../support/project-process.js';
import { createPrng } from '../../support/prng.js';
import { READER } from '../../support/projections.js';
import { contextOf } from '../../support/service-process.js';

let open: ProjectFixture;
beforeEach(async () => void (open = await openProjects()));
afterEach(() => open?.close());

const pendingOf = (id: string) => open.database.query('select seq from pending where stream_id = $1', [id]);
const checkpointsOf = (id: string) =>
  open.database.query<{ projection: string; seq: number }>(
    'select projection, seq from projection_checkpoints where stream_id = $1',
    [id],
  );

describe('the list of projects', () => {
  it('holds every committed change, newest created first, whatever is projected', async () => {
    const prng = createPrng('project list');
    const expected: { id: string; title: string; version: number }[] = [];
    for (let n = 0; n < 30; n += 1) {
      const { projectId } = await open.commands.create(asOwner(), {
        title: `T${n}`,
        files: contents({ a: `${n}` }),
      });
      expected.unshift({ id: projectId, title: `T${n}`, version: 1 });
      if (prng.next() < 0.4) await open.runner.project(projectId);
      const changed = prng.pick(expected);
      const files = contents({ a: `changed by ${n}` });
      await open.commands.put(asOwner(), { projectId: changed.id, title: `changed ${n}`, files });
      Object.assign(changed, { title: `changed ${n}`, version: changed.version + 1 });
      const { items } = await open.projects.list(READER, { limit: 100 });
      expect(items.map(({ id, title, version }) => ({ id, title, version }))).toEqual(expected);
    }
    await open.commands.create(contextOf({ ...owner, userId: 'bob' }), { title: "Bob's" });
    const forward: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await open.projects.list(READER, { limit: 7, after });
      forward.push(...page.items.map(({ id }) => id));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(forward).toEqual(expected.map(({ id }) => id));
    const second = await open.projects.list(READER, { limit: 7, offset: 7 });
    expect(second.items.map(({ id }) => id)).toEqual(forward.slice(7, 14));
    const back = await open.projects.list(READER, { limit: 7, before: second.prev });
    expect(back.items.map(({ id }) => id)).toEqual(forward.slice(0, 7));
    expect(back.prev).toBeUndefined();
    await expect(open.projects.list(READER, { limit: 7, after: `${second.next}x` })).rejects.toThrow(
      'cursor',
    );
  }, 60_000);

  it('is brought up by the sweeper alone, and then nothing is pending', async () => {
    const { projectId } = await open.commands.create(asOwner(), {
      title: 'One',
      files: contents({ a: 'x' }),
    });
    expect(await pendingOf(projectId)).toHaveLength(1);
    await open.sweeper.sweep();
    expect(await pendingOf(projectId)).toHaveLength(0);
    expect(await checkpointsOf(projectId)).toEqual([{ projection: 'projects', seq: 3 }]);
  });

  it('shows a project whose projection is parked as it is', async () => {
    const { projectId } = await open.commands.create(asOwner(), { title: 'One' });
    await open.runner.project(projectId);
    await open.database.query(
      `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts)
       values ('projects', 1, $1, $2, 'other', 2, 'bad', 3)`,
      [projectId, READER.tenantId],
    );
    await open.commands.put(asOwner(), { projectId, title: 'Two' });
    expect(await open.runner.project(projectId)).toBe('parked');
    expect(await pendingOf(projectId)).toHaveLength(0);
    const { items } = await open.projects.list(READER, { limit: 9 });
    expect(items).toMatchObject([{ id: projectId, title: 'Two' }]);
    expect(await open.projects.project(READER, projectId)).toMatchObject({ title: 'Two' });
  });
});

describe('a random project', () => {
  it("is one of the reader's, and counts its views; there may be none", async () => {
    expect(await open.projects.random(READER)).toBeNull();
    await open.commands.create(contextOf({ ...owner, userId: 'bob' }), { title: "Bob's" });
    const mine = [
      await open.commands.create(asOwner(), { title: 'One' }),
      await open.commands.create(asOwner(), { title: 'Two' }),
    ];
    const views = new Map<string, number>();
    for (let n = 0; n < 40; n += 1) {
      const { id, metadata } = (await open.projects.random(READER))!;
      views.set(id, (views.get(id) ?? 0) + 1);
      expect(metadata.views).toBe(views.get(id));
    }
    expect([...views.keys()].toSorted()).toEqual(mine.map(({ projectId }) => projectId).toSorted());
    const [first] = mine;
    const { metadata } = (await open.projects.project(READER, first!.projectId))!;
    expect(metadata.views).toBe(views.get(first!.projectId));
    expect((await open.projects.project(READER, first!.projectId, { at: 1 }))!.metadata).toEqual({});
  });
});
