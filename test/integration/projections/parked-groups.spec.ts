import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { currentVersions, type DomainEvent } from '#model';
import { projectRoot } from '#platform';
import { CursorInvalid, type ParkedStream } from '#projections';
import { FoldThreads } from '../../../libs/projections/src/folding/fold-threads.js';
import { foldVersionOf } from '../../../libs/projections/src/fold-version.js';
import { TENANT } from '../../support/event-log.js';
import { appendLogged, openProjections, type ProjectionFixture } from '../../support/projections.js';

const foldsUrl = pathToFileURL(join(projectRoot(), 'test/support/poison-folds.mjs')).href;

let open: ProjectionFixture;
beforeAll(async () => {
  // each failed fold is a warning
  Logger.overrideLogger(false);
  open = await openProjections(new FoldThreads({ foldsUrl, deadlineMs: 300 }));
});
afterAll(() => open?.close());
afterEach(() => open.database.query('delete from parked'));

/** A conversation that is parked by its second event. */
async function parkedStream(how: string, fold: string): Promise<string> {
  const streamId = randomUUID();
  const events: DomainEvent[] = [
    { type: 'ConversationStarted', data: {} },
    { type: 'ConversationRenamed', data: { title: `poison ${how} ${fold}` } },
  ];
  await appendLogged(
    open.log,
    streamId,
    events.map(({ type, data }, index) => {
      return { seq: index + 1, type, at: '', schemaVersion: currentVersions[type], data, metadata: {} };
    }),
  );
  while ((await open.runner.project(streamId)) !== 'parked');
  return streamId;
}

const idsOf = (parked: ParkedStream[]) => parked.map(({ streamId }) => streamId);
const pending = async (): Promise<string[]> =>
  (await open.database.query<{ stream_id: string }>('select stream_id from pending')).map(
    ({ stream_id }) => stream_id,
  );

describe('parked streams', () => {
  it('are grouped by what they failed of, with an example of each', async () => {
    await parkedStream('throw', 'messages');
    await parkedStream('exit', 'messages');
    const last = await parkedStream('throw', 'messages');
    await parkedStream('throw', 'conversations');
    const groups = await open.parked.groups(TENANT);
    expect(groups.map(({ projection, eventType, count }) => [projection, eventType, count])).toEqual([
      ['messages', 'ConversationRenamed', 2],
      ['conversations', 'ConversationRenamed', 1],
      ['messages', 'ConversationRenamed', 1],
    ]);
    expect(groups[0]?.example).toEqual({ streamId: last, generation: 1, seq: 2, error: 'poisoned' });
    expect(groups[0]!.oldestAt < groups[0]!.newestAt).toBe(true);
    expect(new Set(groups.map(({ fingerprint }) => fingerprint)).size).toBe(3);
    expect(await open.parked.groups('another tenant')).toEqual([]);
    expect(await open.parked.groups()).toEqual(groups);
  }, 30_000);

  it('are listed page by page, newest first, all or of one group', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.unshift(await parkedStream('throw', i % 2 ? 'moments' : 'messages'));
    const found: string[] = [];
    let after: string | undefined;
    do {
      const page = await open.parked.page({ tenantId: TENANT, limit: 2, after });
      found.push(...idsOf(page.items));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual(ids);
    const [group] = await open.parked.groups();
    const ofGroup = await open.parked.page({ fingerprint: group!.fingerprint, limit: 2 });
    expect(idsOf(ofGroup.items)).toEqual([ids[0], ids[2]]);
    const foreign = open.parked.page({ fingerprint: 'another', limit: 2, after: ofGroup.next });
    await expect(foreign).rejects.toThrow(CursorInvalid);
    expect(await open.parked.page({ tenantId: 'another tenant', limit: 2 })).toEqual({ items: [] });
  }, 30_000);

  it('are tried again all, or those of one group', async () => {
    const [one, two] = [await parkedStream('throw', 'messages'), await parkedStream('throw', 'moments')];
    const [{ fingerprint }] = (await open.parked.list(TENANT)).filter(({ streamId }) => streamId === one) as [
      ParkedStream,
    ];
    expect(await open.parked.retryAll({ tenantId: 'another tenant', fingerprint })).toBe(0);
    expect(await open.parked.retryAll({ fingerprint })).toBe(1);
    expect(await pending()).toEqual([one]);
    const healed = await open.another(new FoldThreads());
    expect(await healed.runner.project(one)).toBe('current');
    expect(await open.parked.retryAll()).toBe(1);
    expect(await pending()).toEqual([two]);
    expect(await healed.runner.project(two)).toBe('current');
  }, 30_000);

  it('are tried again by themselves when the version of their projection changed, and no others', async () => {
    const [one, two] = [await parkedStream('throw', 'messages'), await parkedStream('throw', 'moments')];
    const before = foldVersionOf({ name: 'messages', version: 0 });
    await open.database.query(`update parked set fold_version = $1 where stream_id = $2`, [before, one]);
    // a generation of a version that this code has not is other processes' work
    await open.database.query(
      `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts)
       values ('messages', 9, $1, $2, 'other', 2, 'bad', 3)`,
      [two, TENANT],
    );
    expect(await open.parked.retryOthers()).toBe(1);
    expect(await pending()).toEqual([one]);
    expect(idsOf((await open.parked.page({ limit: 9 })).items)).toEqual([two, two]);
  }, 30_000);
});
