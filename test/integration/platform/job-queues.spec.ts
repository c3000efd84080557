import { setTimeout as pause } from 'node:timers/promises';
import { JobQueues, type JobData } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { describeWithRedis, startTestRedis, type TestRedis } from '../../support/redis.js';

type Make = () => JobQueues;

function contract(make: Make): void {
  let queues: JobQueues;

  beforeEach(() => {
    queues = make();
  });
  afterEach(() => queues.close());

  it('hands each job to a worker, one by one and in bulk', async () => {
    const seen: string[] = [];
    queues.work('project', async ({ streamId }) => void seen.push(String(streamId)), { concurrency: 2 });
    expect(await accepted(() => queues.enqueue('project', { streamId: 'a' }))).toBe(true);
    expect(
      await queues.enqueueBulk('project', [{ data: { streamId: 'b' } }, { data: { streamId: 'c' } }]),
    ).toBe(true);
    await until(() => seen.length >= 3);
    expect(seen.toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('keeps one job to run after the running one with the same deduplication id', async () => {
    const ran: number[] = [];
    const gate = { open: (): void => undefined };
    const first = new Promise<void>((resolve) => (gate.open = resolve));
    queues.work(
      'project',
      async (data: JobData) => {
        ran.push(data.n as number);
        if (data.n === 1) await first;
      },
      { concurrency: 1 },
    );
    await accepted(() => queues.enqueue('project', { streamId: 's', n: 1 }, { dedupeId: 's' }));
    await until(() => ran.length === 1);
    for (const n of [2, 3, 4]) await queues.enqueue('project', { streamId: 's', n }, { dedupeId: 's' });
    gate.open();
    await until(() => ran.length === 2);
    await pause(200);
    expect(ran).toEqual([1, 4]);
  });

  it('does not run a failed job again', async () => {
    let calls = 0;
    queues.work(
      'turns',
      async () => {
        calls += 1;
        throw new Error('no');
      },
      { concurrency: 1 },
    );
    await accepted(() => queues.enqueue('turns', { streamId: 'x' }));
    await until(() => calls === 1);
    await pause(300);
    expect(calls).toBe(1);
  });

  it('says that it is well', async () => {
    await accepted(() => queues.enqueue('turns', { streamId: 'x' }));
    expect(await queues.health()).toMatchObject({ ok: true, backend: queues.kind });
  });
}

/** The very first call may meet a connection that is still being made. */
async function accepted(offer: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await offer()) return true;
    await pause(100);
  }
  return false;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10);
}

describe('JobQueues on PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  contract(() => new JobQueues({ databaseUrl: database.url }));
});

describeWithRedis('JobQueues on Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = (await startTestRedis()) as TestRedis;
  });
  afterAll(() => redis.stop());
  beforeEach(() => redis.flushAll());

  contract(() => new JobQueues({ redisUrl: redis.url, databaseUrl: 'postgres://unused.invalid/' }));

  it('answers false in time while Redis is away, and works again when it is back', async () => {
    const queues = new JobQueues({ redisUrl: redis.url, databaseUrl: 'postgres://unused.invalid/' });
    const seen: string[] = [];
    queues.work('turns', async ({ streamId }) => void seen.push(String(streamId)), { concurrency: 1 });
    expect(await accepted(() => queues.enqueue('turns', { streamId: 'before' }))).toBe(true);
    await until(() => seen.length === 1);
    await redis.kill9();
    expect(await queues.enqueue('turns', { streamId: 'lost' })).toBe(false);
    expect(await queues.health()).toMatchObject({ ok: false });
    await redis.restart();
    expect(await accepted(() => queues.enqueue('turns', { streamId: 'after' }))).toBe(true);
    await until(() => seen.includes('after'));
    await queues.close();
  });
});
