import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailable, WrongExpectedVersion, type EventLog } from '#event-log';
import { Database } from '#platform';
import {
  commandOf,
  delta,
  event,
  eventLogOn,
  openEventLog,
  unitOf,
  type LogFixture,
} from '../../support/event-log.js';
import { startPostgresProxy, type PostgresProxy } from '../../support/postgres-proxy.js';

let fixture: LogFixture;
let proxy: PostgresProxy;
let database: Database;
/** A process whose connections go through the proxy. */
let log: EventLog;

beforeAll(async () => {
  fixture = await openEventLog();
  proxy = await startPostgresProxy(fixture.url);
  database = await Database.connect({ url: proxy.url });
  log = eventLogOn(database);
});
afterAll(async () => {
  proxy.up();
  await database.end();
  await proxy.close();
  await fixture.close();
});

async function newStream(): Promise<string> {
  const streamId = randomUUID();
  await log.append(unitOf(streamId, 0));
  return streamId;
}

const logged = async (streamId: string) => (await fixture.log.read(streamId)).map(({ eventId }) => eventId);

describe('an append whose connection dies', () => {
  it('before the request arrived is sent again', async () => {
    const streamId = await newStream();
    const lost = event('Lost');
    proxy.loseRequest('append_units');
    const before = proxy.losses();
    const outcome = await log.append(unitOf(streamId, 1, [lost]));
    expect(proxy.losses()).toBe(before + 1);
    expect(outcome).toMatchObject({ status: 'committed', positions: [{ seqFrom: 2, seqTo: 2 }] });
    expect((await logged(streamId)).slice(1)).toEqual([lost.eventId]);
  });

  it('after the commit is found to be ours, with the time that was committed', async () => {
    const streamId = await newStream();
    const mine = event('Mine');
    const committed: number[] = [];
    const stop = log.onCommitted((id, seq) => id === streamId && committed.push(seq));
    proxy.loseAnswer('append_units');
    const outcome = await log.append(unitOf(streamId, 1, [mine, delta()]));
    stop();
    const events = await fixture.log.read(streamId);
    expect(events.slice(1).map(({ eventId }) => eventId)).toHaveLength(2);
    expect(events[1]!.eventId).toBe(mine.eventId);
    expect(outcome).toEqual({
      status: 'committed',
      positions: [{ streamId, seqFrom: 2, seqTo: 3, at: events[1]!.at }],
    });
    expect(committed).toEqual([3]);
  });

  it('sorts ours, free and beaten apart in one flush', async () => {
    const [ours, beaten] = [await newStream(), await newStream()];
    // both units fly together, and the request is lost; meanwhile someone else appends to one of the streams
    proxy.loseRequest('append_units');
    const mine = log.append(unitOf(ours, 1, [event('Mine')]));
    const theirs = log.append(unitOf(beaten, 1, [event('TooLate')]));
    const other = fixture.log.append(unitOf(beaten, 1, [event('First')]));
    await expect(theirs).rejects.toBeInstanceOf(WrongExpectedVersion);
    await expect(mine).resolves.toMatchObject({ status: 'committed' });
    await other;
    expect((await fixture.log.read(beaten)).map(({ type }) => type)).toEqual(['Noted', 'First']);
  });

  it('gives a command that changed nothing its own answer', async () => {
    const streamId = await newStream();
    const command = commandOf(streamId);
    proxy.loseAnswer('append_units');
    const outcome = await log.append({ appends: [], command: { ...command, decidedAtSeq: 1 } });
    expect(outcome).toMatchObject({ status: 'answered', command: { ...command, seqFrom: null, seqTo: 1 } });
  });

  it('takes the unit behind it along, and commits both in order', async () => {
    const streamId = await newStream();
    const events = Array.from({ length: 6 }, () => delta());
    proxy.loseAnswer('append_units');
    await Promise.all(events.map((one, index) => log.append(unitOf(streamId, 1 + index, [one]))));
    expect((await logged(streamId)).slice(1)).toEqual(events.map(({ eventId }) => eventId));
  });

  it('is not waited for when the network swallows the answer: the fate is read over another connection', async () => {
    const streamId = await newStream();
    const mine = event('Mine');
    proxy.swallowAnswer('append_units');
    const outcome = await log.append(unitOf(streamId, 1, [mine]));
    expect(outcome).toMatchObject({ status: 'committed', positions: [{ seqFrom: 2 }] });
    expect((await logged(streamId)).slice(1)).toEqual([mine.eventId]);
  }, 20_000);
});

describe('a log that is away', () => {
  it('takes the units when it comes back, each once', async () => {
    const streamId = await newStream();
    const events = Array.from({ length: 20 }, () => delta());
    proxy.down();
    const appends = events.map((one, index) => log.append(unitOf(streamId, 1 + index, [one])));
    await pause(700);
    proxy.up();
    await Promise.all(appends);
    expect((await logged(streamId)).slice(1)).toEqual(events.map(({ eventId }) => eventId));
  }, 15_000);

  it('is reported after about 10 s, for the unit and for those behind it', async () => {
    const streamId = await newStream();
    proxy.down();
    const first = log.append(unitOf(streamId, 1));
    const behind = log.append(unitOf(streamId, 2));
    await Promise.all([
      expect(first).rejects.toBeInstanceOf(LogUnavailable),
      expect(behind).rejects.toBeInstanceOf(LogUnavailable),
    ]);
    proxy.up();
    // nothing is held any more: the stream goes on where it was
    await expect(log.append(unitOf(streamId, 1))).resolves.toMatchObject({ status: 'committed' });
  }, 30_000);
});
