import { randomUUID } from 'node:crypto';
import { event, openEventLog, TENANT, type LogFixture } from '../../../../test/support/event-log.js';

let open: LogFixture;
beforeEach(async () => {
  open = await openEventLog();
});
afterEach(() => open?.close());

type Lag = { events: number; streams: number; seconds: number };

async function lag(owner: string | null, most = 1_000): Promise<Lag> {
  const [row] = await open.database.query<Lag>('select * from search_lag($1, $2, 1, $3)', [
    TENANT,
    owner,
    most,
  ]);
  return row!;
}

async function written(ownerId: string, count: number, kind: 'conversation' | 'project' = 'conversation') {
  const streamId = randomUUID();
  const events = Array.from({ length: count }, () => event());
  const create = { tenantId: TENANT, ownerId, kind };
  await open.log.append({ appends: [{ streamId, expectedSeq: 0, tenantId: TENANT, events, create }] });
  return streamId;
}

async function searched(streamId: string, seq: number, generation = 1): Promise<void> {
  await open.database.query(
    `insert into projection_checkpoints (projection, generation, stream_id, seq) values ('search', $1, $2, $3)`,
    [generation, streamId, seq],
  );
}

const settle = (streamId: string) =>
  open.database.query('delete from pending where stream_id = $1', [streamId]);

describe('search_lag', () => {
  it('is nothing where nothing waits', async () => {
    const streamId = await written('a', 3);
    await searched(streamId, 3);
    expect(await lag('a')).toEqual({ events: 0, streams: 0, seconds: 0 });
  });

  it("counts what the reader's conversations have beyond their checkpoints", async () => {
    await searched(await written('a', 5), 3);
    await written('a', 2);
    await written('b', 4);
    await written('a', 9, 'project');
    // of another generation, and so of nothing here
    await searched(await written('a', 1), 1, 2);
    expect(await lag('a')).toMatchObject({ events: 2 + 2 + 1, streams: 3 });
    expect(await lag('b')).toMatchObject({ events: 4, streams: 1 });
    expect(await lag(null)).toMatchObject({ events: 9, streams: 4 });
    expect((await lag('a', 2)).streams).toBe(2);
  });

  it('waits from the first of them on, and from when a stream was parked', async () => {
    const streamId = await written('a', 2);
    await open.database.query(`update pending set since = now() - interval '1 hour' where stream_id = $1`, [
      streamId,
    ]);
    await written('a', 2);
    expect((await lag('a')).seconds).toBeCloseTo(3_600, -2);
    await settle(streamId);
    await open.database.query(
      `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts, parked_at)
       values ('search', 1, $1, $2, 'x', 1, 'bad', 3, now() - interval '2 hours')`,
      [streamId, TENANT],
    );
    expect(await lag('a')).toMatchObject({ events: 4, streams: 2 });
    expect((await lag('a')).seconds).toBeCloseTo(7_200, -2);
  });
});
