import { randomUUID } from 'node:crypto';
import type { StreamKind } from '#event-log';
import { event, openEventLog, TENANT, type LogFixture } from '../../../../test/support/event-log.js';

let open: LogFixture;
beforeAll(async () => {
  open = await openEventLog();
  // two projections of conversations are enough to see it, however many there are
  await open.database.query(
    `delete from projection_generations where projection not in ('conversations', 'messages', 'projects')`,
  );
});
afterAll(() => open?.close());
afterEach(() => open.database.query(`delete from projection_generations where generation > 1`));

/** A stream whose last event is `seq`. */
async function pendingAt(seq: number, kind: StreamKind = 'conversation'): Promise<string> {
  const streamId = randomUUID();
  const events = Array.from({ length: seq }, () => event());
  const create = { tenantId: TENANT, ownerId: 'owner', kind };
  await open.log.append({ appends: [{ streamId, expectedSeq: 0, tenantId: TENANT, events, create }] });
  return streamId;
}

async function checkpoint(streamId: string, projection: string, seq: number, generation = 1): Promise<void> {
  await open.database.query(
    'insert into projection_checkpoints (projection, generation, stream_id, seq) values ($1, $2, $3, $4)',
    [projection, generation, streamId, seq],
  );
}

async function generation(status: string, fedBefore: string): Promise<void> {
  await open.database.query(
    `insert into projection_generations (projection, generation, version, status, fed_at)
     values ('messages', 2, 2, $1, now() - $2::interval)`,
    [status, fedBefore],
  );
}

async function isSettled(streamId: string): Promise<boolean> {
  await open.database.query('select settle_pending($1)', [streamId]);
  return (await open.database.query('select 1 from pending where stream_id = $1', [streamId])).length === 0;
}

async function projected(seq: number): Promise<string> {
  const streamId = await pendingAt(3);
  await checkpoint(streamId, 'conversations', 3);
  await checkpoint(streamId, 'messages', seq);
  return streamId;
}

describe('settle_pending', () => {
  it('keeps a stream until every live projection has reached it', async () => {
    const none = await pendingAt(3);
    expect(await isSettled(none)).toBe(false);
    await checkpoint(none, 'conversations', 3);
    expect(await isSettled(none)).toBe(false);
    await checkpoint(none, 'messages', 3);
    expect(await isSettled(none)).toBe(true);
    expect(await isSettled(await projected(2))).toBe(false);
    expect(await isSettled(await projected(4))).toBe(true);
  });

  it("waits for the projections of the stream's own kind alone", async () => {
    const project = await pendingAt(3, 'project');
    await checkpoint(project, 'conversations', 3);
    await checkpoint(project, 'messages', 3);
    expect(await isSettled(project)).toBe(false);
    const other = await pendingAt(3, 'project');
    await checkpoint(other, 'projects', 3);
    expect(await isSettled(other)).toBe(true);
  });

  it('does not wait for a projection that is parked on the stream', async () => {
    const streamId = await projected(1);
    await open.database.query(
      `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts)
       values ('messages', 1, $1, $2, 'x', 2, 'bad', 3)`,
      [streamId, TENANT],
    );
    expect(await isSettled(streamId)).toBe(true);
  });

  it('waits for a retained generation while it is fed, and not for a stale one', async () => {
    await generation('retained', '1 minute');
    expect(await isSettled(await projected(3))).toBe(false);
    await open.database.query(
      `update projection_generations set fed_at = now() - interval '11 minutes' where generation = 2`,
    );
    expect(await isSettled(await projected(3))).toBe(true);
  });

  it('waits for a generation that is being built only for the streams that it has copied', async () => {
    await generation('building', '1 minute');
    const streamId = await projected(3);
    const copied = await projected(3);
    await checkpoint(copied, 'messages', 2, 2);
    expect(await isSettled(streamId)).toBe(true);
    expect(await isSettled(copied)).toBe(false);
  });

  it('lets a stream that stays listed wait from the first event on that is not everywhere', async () => {
    const streamId = await projected(2);
    // its first event is an hour old, the others are of now
    const since = async (): Promise<number> => {
      await open.database.query('select settle_pending($1)', [streamId]);
      const [row] = await open.database.query<{ age: number }>(
        'select extract(epoch from now() - since)::float8 as age from pending where stream_id = $1',
        [streamId],
      );
      return row!.age;
    };
    await open.database.query(`update pending set since = now() - interval '1 hour' where stream_id = $1`, [
      streamId,
    ]);
    expect(await since()).toBeLessThan(60);
    // it never goes back
    await open.database.query(`update pending set since = now() + interval '1 hour' where stream_id = $1`, [
      streamId,
    ]);
    expect(await since()).toBeLessThan(0);
  });
});
