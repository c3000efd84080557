import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { lineageAt } from '#event-log';
import { currentVersions, type DomainEvent, type LoggedEvent } from '#model';
import { projectRoot } from '#platform';
import { FoldThreads } from '../../../libs/projections/src/folding/fold-threads.js';
import { TENANT } from '../../support/event-log.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import { appendLogged, openProjections, READER, type ProjectionFixture } from '../../support/projections.js';

const foldsUrl = pathToFileURL(join(projectRoot(), 'test/support/poison-folds.mjs')).href;

let open: ProjectionFixture;
beforeAll(async () => {
  // each failed fold is a warning
  Logger.overrideLogger(false);
  open = await openProjections(new FoldThreads({ foldsUrl, deadlineMs: 300 }));
});
afterAll(() => open?.close());

const rename = (title: string): DomainEvent => ({ type: 'ConversationRenamed', data: { title } });
const post = (text: string): DomainEvent => ({
  type: 'MessagePosted',
  data: { messageId: randomUUID(), parentId: null, role: 'user', content: [{ type: 'text', text }] },
});
const numbered = (after: number, events: DomainEvent[]): LoggedEvent[] =>
  events.map(({ type, data }, index) => ({
    seq: after + 1 + index,
    type,
    at: '',
    data,
    metadata: {},
    schemaVersion: currentVersions[type],
  }));

async function forkOf(parentId: string, at: number): Promise<string> {
  const streamId = randomUUID();
  const fork = { parentId, lineage: lineageAt((await open.log.info(parentId))!, at) };
  const create = { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const, fork };
  const forked = { type: 'ConversationForked', data: { parentId, at }, schemaVersion: 1, metadata: {} };
  const events = [{ ...forked, eventId: randomUUID() }];
  await open.log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq: at, events, create }] });
  return streamId;
}

const pendingOf = (id: string) => open.database.query('select 1 from pending where stream_id = $1', [id]);

it('a fork of a conversation that is parked before the seam is read exactly, waits, and goes on when that one does', async () => {
  const parent = randomUUID();
  const poison = rename('poison throw messages');
  const story = [{ type: 'ConversationStarted', data: {} } as DomainEvent, post('Hi'), poison, post('Ho')];
  await appendLogged(open.log, parent, numbered(0, story));
  while ((await open.runner.project(parent)) !== 'parked');
  const before = await forkOf(parent, 2);
  const child = await forkOf(parent, 4);
  await appendLogged(open.log, child, numbered(5, [post('On we go')]));
  const grandchild = await forkOf(child, 6);
  await appendLogged(open.log, grandchild, numbered(7, [post('Still')]));

  expect(await open.runner.project(before)).toBe('current');
  expect(await open.runner.project(child)).toBe('failed');
  expect(await open.runner.project(grandchild)).toBe('failed');
  expect((await open.parked.list(TENANT)).map(({ streamId }) => streamId)).toEqual([parent]);
  expect(await pendingOf(child)).toHaveLength(1);
  for (const [id, head] of [
    [child, 6],
    [grandchild, 8],
  ] as const) {
    const oracle = new Oracle(id, await eventsUpTo(open.log, id, head), await open.log.epoch());
    const page = await open.messages.page(READER, id, { limit: 100 });
    expect(page.items).toEqual(oracle.page());
    expect(page.markers).toEqual([{ seq: 3, type: 'ConversationRenamed', problem: expect.any(String) }]);
    expect((await open.conversations.get(READER, id))?.conversation).toEqual(oracle.conversation());
  }

  const healthy = await open.another(new FoldThreads());
  for (const { projection, generation, streamId } of await healthy.parked.list(TENANT))
    await healthy.parked.retry(TENANT, { projection, generation, streamId });
  // the sweeper finds all of them, in any order
  for (let round = 0; (await pendingOf(grandchild)).length > 0 && round < 200; round += 1)
    for (const id of [grandchild, child, parent]) await healthy.runner.project(id);
  for (const id of [parent, child, grandchild]) expect(await pendingOf(id)).toEqual([]);
  const page = await healthy.messages.page(READER, grandchild, { limit: 100 });
  expect(page.markers).toEqual([]);
  const oracle = new Oracle(grandchild, await eventsUpTo(open.log, grandchild, 8), await open.log.epoch());
  expect(page.items).toEqual(oracle.page());
}, 60_000);
