import { Logger } from '@nestjs/common';
import { event, TENANT } from '../../support/event-log.js';
import { asOwner, contents, openProjects, type ProjectFixture } from '../../support/project-process.js';
import { READER } from '../../support/projections.js';

let open: ProjectFixture;
beforeAll(async () => {
  Logger.overrideLogger(false);
  open = await openProjects();
});
afterAll(() => open?.close());

async function poisoned(): Promise<{ projectId: string; bad: number }> {
  const { projectId, seqTo } = await open.commands.create(asOwner(), {
    title: 'One',
    files: contents({ a: '1' }),
  });
  await open.log.append({
    appends: [
      { streamId: projectId, tenantId: TENANT, expectedSeq: seqTo, events: [event('FromTheFuture')] },
    ],
  });
  return { projectId, bad: seqTo + 1 };
}

describe('an event of a project that no code can read', () => {
  it('parks that project, visibly, and is a marker in its tree; reads and writes go on', async () => {
    const { projectId, bad } = await poisoned();
    const marker = { seq: bad, type: 'FromTheFuture', problem: expect.stringContaining('unknown') as string };
    expect(await open.trees.at(READER, projectId)).toMatchObject({ seq: bad, markers: [marker] });
    for (let n = 0; n < 3; n += 1) await open.runner.project(projectId);
    const parked = (await open.parked.list(TENANT)).filter(({ streamId }) => streamId === projectId);
    expect(parked).toMatchObject([{ projection: 'projects', seq: bad, attempts: 3 }]);
    const put = await open.commands.put(asOwner(), { projectId, files: contents({ a: '2' }) });
    expect(await open.trees.at(READER, projectId)).toMatchObject({
      seq: put.seqTo,
      version: 2,
      markers: [marker],
    });
    expect((await open.trees.at(READER, projectId, bad - 1))!.markers).toEqual([]);
    const project = await open.projects.project(READER, projectId);
    expect(project).toMatchObject({ version: 2, files: { a: { content: '2' } } });
    const { items } = await open.projects.list(READER, { limit: 9 });
    expect(items).toMatchObject([{ id: projectId, version: 2 }]);
  });

  it('holds up no other', async () => {
    await poisoned();
    const { projectId } = await open.commands.create(asOwner(), { title: 'Two' });
    expect(await open.runner.project(projectId)).toBe('current');
    expect(await open.database.query('select 1 from pending where stream_id = $1', [projectId])).toEqual([]);
  });
});
