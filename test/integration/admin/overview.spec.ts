import { randomUUID } from 'node:crypto';
import { ProjectionOverview, type ProjectionReport } from '#projections';
import { ProjectionRegistry } from '../../../libs/projections/src/projection-registry.js';
import { delta, event, openEventLog, TENANT, unitOf, type LogFixture } from '../../support/event-log.js';

let fixture: LogFixture;
let overview: ProjectionOverview;
beforeEach(async () => {
  fixture = await openEventLog();
  overview = new ProjectionOverview(fixture.database, new ProjectionRegistry([]));
});
afterEach(() => fixture.close());

const ago = (seconds: number) => `now() - interval '${seconds} seconds'`;

/** A conversation of three events and as many deltas, on the work list since so many seconds. */
async function conversation(seconds: number): Promise<string> {
  const streamId = randomUUID();
  await fixture.log.append(unitOf(streamId, 0, [event(), event(), event(), delta(), delta(), delta()]));
  await fixture.database.query(`update pending set since = ${ago(seconds)} where stream_id = $1`, [streamId]);
  return streamId;
}

async function checkpoint(streamId: string, projection: string, seq: number, generation = 1): Promise<void> {
  await fixture.database.query(
    'insert into projection_checkpoints (projection, generation, stream_id, seq) values ($1, $2, $3, $4)',
    [projection, generation, streamId, seq],
  );
}

async function park(streamId: string, projection: string): Promise<void> {
  await fixture.database.query(
    `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts,
       event_type, fingerprint)
     values ($1, 1, $2, $3, 'x', 1, 'broken', 3, 'Noted', 'f')`,
    [projection, streamId, TENANT],
  );
}

async function report(projection: string): Promise<ProjectionReport> {
  const found = (await overview.all()).find((one) => one.projection === projection);
  if (!found) throw new Error(`no report of ${projection}`);
  return found;
}

it('says that nothing is behind in an empty log', async () => {
  const all = await overview.all();
  expect(all.map(({ projection }) => projection)).toEqual(
    expect.arrayContaining(['conversations', 'messages']),
  );
  for (const one of all)
    expect(one).toMatchObject({ lagEvents: 0, lagSeconds: 0, atLeast: false, parked: 0, rebuildId: null });
});

it('counts what each projection lacks, deltas too, and how long the oldest has waited', async () => {
  const [older, newer] = [await conversation(90), await conversation(30)];
  await checkpoint(older, 'messages', 2);
  await checkpoint(newer, 'messages', 1);
  await checkpoint(older, 'conversations', 6);
  const messages = await report('messages');
  expect(messages).toMatchObject({ kind: 'conversation', lagEvents: 4 + 5, atLeast: false });
  expect(messages.lagSeconds).toBeGreaterThanOrEqual(90);
  expect(messages.lagSeconds).toBeLessThan(300);
  expect(messages.generations).toMatchObject([{ generation: 1, status: 'live', streams: 2 }]);
  // what one projection has read is not the other's lag
  const conversations = await report('conversations');
  expect(conversations.lagEvents).toBe(6);
  expect(conversations.lagSeconds).toBeLessThan(90);
  expect(await report('projects')).toMatchObject({ kind: 'project', lagEvents: 0, lagSeconds: 0 });
});

it('does not wait for parked streams, and counts them', async () => {
  const [poisoned, good] = [await conversation(3_600), await conversation(10)];
  await park(poisoned, 'messages');
  await checkpoint(good, 'messages', 5);
  const messages = await report('messages');
  expect(messages).toMatchObject({ parked: 1, lagEvents: 0, lagSeconds: 0 });
  expect(await report('conversations')).toMatchObject({ parked: 0, lagEvents: 12 });
});

it('counts a fork from its seam', async () => {
  const parentId = await conversation(5);
  const fork = { parentId, lineage: [{ streamId: parentId, upTo: 2 }] };
  const create = { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const, fork };
  const append = { streamId: randomUUID(), expectedSeq: 2, tenantId: TENANT, create, events: [event()] };
  await fixture.log.append({ appends: [append] });
  await checkpoint(parentId, 'messages', 6);
  expect(await report('messages')).toMatchObject({ lagEvents: 1 });
});

it('lets a generation that is being built be behind, and names its rebuild', async () => {
  const streamId = await conversation(5);
  await checkpoint(streamId, 'messages', 6);
  await checkpoint(streamId, 'messages', 1, 2);
  const id = randomUUID();
  await fixture.database.query(
    `insert into projection_generations (projection, generation, version, status) values ('messages', 2, 9, 'building')`,
  );
  await fixture.database.query(
    `insert into rebuilds (id, projection, generation, version, status, phase, dry_run, accept_diff, requested_by)
     values ($1, 'messages', 2, 9, 'paused', 'copying', false, false, 'ann')`,
    [id],
  );
  const messages = await report('messages');
  expect(messages).toMatchObject({ lagEvents: 0, lagSeconds: 0, rebuildId: id });
  expect(messages.generations).toMatchObject([
    { generation: 1, status: 'live' },
    { generation: 2, version: 9, status: 'building', streams: 1 },
  ]);
  expect(await overview.openRebuild('messages')).toBe(id);
  expect(await overview.openRebuild('conversations')).toBeNull();
});

it('says that there is more where more streams are behind than it looks at', async () => {
  await fixture.database.query(
    `with made as (
       insert into streams (stream_id, tenant_id, owner_id, kind, created_at)
       select gen_random_uuid(), $1, 'owner', 'conversation', now() from generate_series(1, 10001) returning stream_id
     ), logged as (
       insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
       select stream_id, 1, gen_random_uuid(), now(), 1, 'Noted', '{}', '{}' from made
     )
     insert into pending (stream_id, tenant_id, seq, since) select stream_id, $1, 1, now() from made`,
    [TENANT],
  );
  expect(await report('messages')).toMatchObject({ atLeast: true, lagEvents: 10_000 });
});
