import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { StreamKind } from '#event-log';
import { HourlyRepair } from '../../../libs/projections/src/running/hourly-repair.js';
import { delta, event, openEventLog, TENANT, unitOf, type LogFixture } from '../../support/event-log.js';
import { PendingRepair } from '../../../libs/projections/src/running/pending-repair.js';

let open: LogFixture;
let repair: PendingRepair;
beforeEach(async () => {
  // each repair that finds something is a warning
  Logger.overrideLogger(false);
  open = await openEventLog();
  repair = new PendingRepair(open.database);
});
afterEach(() => open?.close());

const all = ['conversations', 'messages', 'moments', 'search'];

/** A stream of three events that its projections have all seen but `behind` of them, and that is on no list. */
async function stream(behind: string[] = [], kind: StreamKind = 'conversation'): Promise<string> {
  const streamId = randomUUID();
  const events = [event(), event(), event()];
  const create = { tenantId: TENANT, ownerId: 'owner', kind };
  await open.log.append({ appends: [{ streamId, expectedSeq: 0, tenantId: TENANT, events, create }] });
  for (const projection of kind === 'conversation' ? all : ['projects'])
    if (!behind.includes(projection)) await checkpoint(streamId, projection, 3);
  await open.database.query('delete from pending where stream_id = $1', [streamId]);
  return streamId;
}

async function checkpoint(streamId: string, projection: string, seq: number, generation = 1): Promise<void> {
  await open.database.query(
    'insert into projection_checkpoints (projection, generation, stream_id, seq) values ($1, $2, $3, $4)',
    [projection, generation, streamId, seq],
  );
}

const listed = () => open.database.query('select stream_id, seq from pending order by stream_id');
const expected = (...ids: string[]) => ids.toSorted().map((stream_id) => ({ stream_id, seq: 3 }));

describe('the full compare', () => {
  it('lists every stream that is behind and on no list, and no other', async () => {
    await stream();
    await stream([], 'project');
    const none = await stream(all);
    const one = await stream(['moments']);
    const project = await stream(['projects'], 'project');
    const parked = await stream(['messages']);
    await open.database.query(
      `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts)
       values ('messages', 1, $1, $2, 'x', 2, 'bad', 3)`,
      [parked, TENANT],
    );
    expect(await repair.repair()).toBe(3);
    expect(await listed()).toEqual(expected(none, one, project));
    expect(await repair.repair()).toBe(0);
  });

  it('leaves alone what only deltas are ahead of, and what waits already', async () => {
    const streaming = await stream();
    await open.log.append(unitOf(streaming, 3, [delta(), delta()]));
    const waits = await stream(all);
    await open.database.query(
      'insert into pending (stream_id, tenant_id, seq, since) values ($1, $2, 2, $3)',
      [waits, TENANT, '2026-01-01T00:00:00Z'],
    );
    expect(await repair.repair()).toBe(0);
    expect(await listed()).toEqual([{ stream_id: waits, seq: 2 }]);
  });

  it('goes through more streams than a page holds', async () => {
    await open.database.query(
      `insert into streams (stream_id, tenant_id, owner_id, kind, created_at)
       select gen_random_uuid(), $1, 'owner', 'conversation', now() from generate_series(1, 1203)`,
      [TENANT],
    );
    const behind = [await stream(all), await stream(all), await stream(all)];
    expect(await repair.repair()).toBe(3);
    expect(await listed()).toEqual(expected(...behind));
  });

  it('counts generations as the settling of the list does', async () => {
    await open.database.query(
      `insert into projection_generations (projection, generation, version, status) values ('messages', 2, 2, 'building')`,
    );
    await stream();
    const copied = await stream();
    await checkpoint(copied, 'messages', 2, 2);
    expect(await repair.repair()).toBe(1);
    expect(await listed()).toEqual(expected(copied));
    await open.database.query('delete from pending');
    await open.database.query(
      `update projection_generations set status = 'retained', fed_at = now() - interval '11 minutes' where generation = 2`,
    );
    expect(await repair.repair()).toBe(0);
  });

  it('of one generation takes every stream that it has not, whatever its status', async () => {
    await open.database.query(
      `insert into projection_generations (projection, generation, version, status) values ('messages', 2, 2, 'building')`,
    );
    const [copied, not] = [await stream(), await stream()];
    await stream([], 'project');
    await checkpoint(copied, 'messages', 3, 2);
    const generation = { projection: 'messages', generation: 2 };
    expect(await repair.repair({ generation, signal: AbortSignal.abort() })).toBe(0);
    expect(await repair.repair({ generation })).toBe(1);
    expect(await listed()).toEqual(expected(not));
  });

  it('is made by one process at a time', async () => {
    const id = await stream(all);
    const hourly = new HourlyRepair(open.database, repair);
    const other = await open.database.pool.connect();
    await other.query(`select pg_advisory_lock(hashtextextended('pending-repair', 0))`);
    expect(await hourly.runAlone()).toBeNull();
    await other.query(`select pg_advisory_unlock(hashtextextended('pending-repair', 0))`);
    other.release();
    expect(await hourly.runAlone()).toBe(1);
    expect(await listed()).toEqual(expected(id));
    expect(await hourly.runAlone()).toBe(0);
  });
});
