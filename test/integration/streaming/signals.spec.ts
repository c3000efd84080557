import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '#platform';
import { Signals } from '#streaming';
import { event, eventLogOn, unitOf } from '../../support/event-log.js';
import { framesUntil, seqsOf, untilSeq } from '../../support/frame-reader.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { describeWithRedis, startTestRedis, type TestRedis } from '../../support/redis.js';
import { startServiceProcess, type ServiceProcess } from '../../support/service-process.js';

let database: TestDatabase;
const open: ServiceProcess[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((process) => process.close()));
});
afterAll(() => database?.drop());

const never = 3_600_000;

async function start(settings: { pollMs: number; redisUrl?: string }): Promise<ServiceProcess> {
  const process = await startServiceProcess(database.url, settings);
  open.push(process);
  return process;
}

const append = (where: Pick<ServiceProcess, 'log'>, streamId: string, head: number) =>
  where.log.append(unitOf(streamId, head, [event()]));

/** Follows a new stream in `reader`; `delivered` resolves when it has been given seq 2. */
async function follow(reader: ServiceProcess, writer: Pick<ServiceProcess, 'log'>) {
  const streamId = randomUUID();
  await append(writer, streamId, 0);
  let caughtUp: () => void;
  const ready = new Promise<void>((resolve) => (caughtUp = resolve));
  const delivered = framesUntil(reader, streamId, { after: 0 }, (frame) => {
    if (frame.kind === 'caught_up') caughtUp();
    return untilSeq(2)(frame);
  });
  await ready;
  return { streamId, delivered };
}

/** What other processes' signals say, as this one hears them. */
async function hears(reader: ServiceProcess, writer: ServiceProcess): Promise<void> {
  for (;;) {
    const { streamId, delivered } = await follow(reader, writer);
    await append(writer, streamId, 1);
    if (await Promise.race([delivered.then(() => true), sleep(500, false)])) return;
  }
}

function carriesSignals(settings: () => { redisUrl?: string }): void {
  test('a commit in another process is delivered by its signal alone', async () => {
    const [reader, writer] = [
      await start({ pollMs: never, ...settings() }),
      await start({ pollMs: never, ...settings() }),
    ];
    await hears(reader, writer);
    for (let n = 0; n < 20; n += 1) {
      const { streamId, delivered } = await follow(reader, writer);
      await append(writer, streamId, 1);
      expect(seqsOf(await delivered)).toEqual([1, 2]);
    }
  });

  test('thousands of commits are coalesced, and the last one of each stream is always told', async () => {
    const [reader, writer] = [
      await start({ pollMs: never, ...settings() }),
      await start({ pollMs: never, ...settings() }),
    ];
    await hears(reader, writer);
    const heard = new Map<string, number>();
    let calls = 0;
    const streams = Array.from({ length: 300 }, () => randomUUID() as string);
    for (const streamId of streams) {
      reader.app.get(Signals).watch(streamId, (seq) => {
        calls += 1;
        heard.set(streamId, seq);
      });
    }
    await Promise.all(
      streams.map(async (streamId) => {
        for (let head = 0; head < 10; head += 1) await append(writer, streamId, head);
      }),
    );
    while (streams.some((streamId) => heard.get(streamId) !== 10)) await sleep(10);
    expect(calls).toBeLessThanOrEqual(3000);
  });

  test('a commit of this process is delivered without anybody else', async () => {
    const process = await start({ pollMs: never, ...settings() });
    const { streamId, delivered } = await follow(process, process);
    await append(process, streamId, 1);
    await delivered;
  });

  test('a lost signal is found by the poll', async () => {
    const reader = await start({ pollMs: 50, ...settings() });
    // A process that tells nobody.
    const silent = { log: eventLogOn(reader.app.get(Database)) };
    const { streamId, delivered } = await follow(reader, silent);
    await append(silent, streamId, 1);
    expect(seqsOf(await delivered)).toEqual([1, 2]);
  });
}

describe('signals over LISTEN/NOTIFY', () => {
  carriesSignals(() => ({}));

  test('what was missed while the listening connection was lost is found when it is back', async () => {
    const [reader, writer] = [await start({ pollMs: never }), await start({ pollMs: never })];
    await hears(reader, writer);
    const { streamId, delivered } = await follow(reader, writer);
    const admin = await Database.connect({ url: database.url });
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like '%listen chatlog_signals' and datname = current_database()`);
    await append(writer, streamId, 1);
    expect(seqsOf(await delivered)).toEqual([1, 2]);
    await hears(reader, writer);
    await admin.end();
  });
});

describeWithRedis('signals over Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = (await startTestRedis())!;
  });
  afterAll(() => redis?.stop());

  carriesSignals(() => ({ redisUrl: redis.url }));

  test('without Redis live delivery polls; when it is back, signals carry again', async () => {
    const settings = { redisUrl: redis.url };
    const [reader, writer] = [
      await start({ pollMs: 100, ...settings }),
      await start({ pollMs: 100, ...settings }),
    ];
    await hears(reader, writer);
    await redis.kill9();
    const { streamId, delivered } = await follow(reader, writer);
    await append(writer, streamId, 1);
    expect(seqsOf(await delivered)).toEqual([1, 2]);
    await redis.restart();
    const heard = once(process, 'heard-again');
    const unpolled = randomUUID();
    // Heard over Redis alone: a poll would say it too, so the heads that it asks for are held back.
    jest.spyOn(reader.log, 'heads').mockResolvedValue(new Map());
    reader.app.get(Signals).watch(unpolled, () => process.emit('heard-again' as never));
    for (let head = 0; ; head += 1) {
      await append(writer, unpolled, head);
      if (await Promise.race([heard.then(() => true), sleep(100, false)])) break;
    }
  }, 20_000);

  test('a process starts and delivers its own commits while Redis is away', async () => {
    await redis.kill9();
    const process = await start({ pollMs: 100, redisUrl: redis.url });
    const { streamId, delivered } = await follow(process, process);
    await append(process, streamId, 1);
    await delivered;
    await redis.restart();
  });
});
