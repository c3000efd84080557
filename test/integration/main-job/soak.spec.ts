import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { startCuttingProxy } from '../../support/cutting-proxy.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { createPrng } from '../../support/prng.js';
import { startServer, type TestServer } from '../../support/server.js';
import { findViolations } from '../../soak/find-violations.js';
import { SoakTraffic } from '../../soak/soak-traffic.js';
import type { Talk } from '../../soak/talk.js';
import { TimedClient } from '../../soak/timed-client.js';

const TRAFFIC_MS = 15_000;

/** A short soak is sound; and each kind of broken promise, planted into it, is found: else a long one would prove nothing. */
describe('the soak', () => {
  let mode: TestMode;
  let server: TestServer;
  let traffic: SoakTraffic;
  let talk: Talk;

  beforeAll(async () => {
    mode = await startMode();
    server = await startServer({ env: { ...mode.env, LOG_LEVEL: 'warn' } });
    const prng = createPrng('soak');
    const proxy = await startCuttingProxy(server.url, () => prng.between(2_000, 150_000));
    const client = new TimedClient(server.url);
    traffic = new SoakTraffic(client, proxy.url, prng, 20);
    traffic.start(4);
    await pause(TRAFFIC_MS);
    await traffic.stop();
    await proxy.close();
    expect([...traffic.failures, ...client.unexpected]).toEqual([]);
    talk = traffic.talks.find(({ messages, reader }) => messages.length > 0 && reader.events.length > 20)!;
  }, 180_000);
  afterAll(async () => {
    await server?.stop();
    await mode?.stop();
  }, 60_000);

  const rules = async () => [
    ...new Set((await findViolations(server.url, traffic.talks)).map(({ rule }) => rule)),
  ];

  it('finds nothing where nothing is wrong', async () => {
    expect(await findViolations(server.url, traffic.talks)).toEqual([]);
    expect(traffic.turns).toBeGreaterThan(5);
  });

  it('finds a write that was acknowledged and is not there', async () => {
    talk.acked.push({ seq: 1_000_000 });
    expect(await rules()).toEqual(['acked']);
    talk.acked.pop();
    talk.versions.push({ projectId: talk.id, version: 1 });
    expect(await rules()).toEqual(['acked']);
    talk.versions.pop();
  });

  it('finds an event that a reader did not see, saw otherwise, or waits for', async () => {
    const [lost] = talk.reader.events.splice(9, 1);
    expect(await rules()).toEqual(['prefix']);
    talk.reader.events.splice(9, 0, { ...lost!, data: { ...lost!.data, planted: true } });
    expect(await rules()).toEqual(['prefix']);
    talk.reader.events[9] = lost!;
    const last = talk.reader.events.pop()!;
    expect(await rules()).toEqual(['whole']);
    talk.reader.events.push(last);
  });

  it('finds a past that was told otherwise, and a head that fell', async () => {
    talk.moments.push({ at: 5, messages: [] });
    talk.positions.push(1);
    expect((await rules()).toSorted()).toEqual(['monotonic', 'projection']);
    talk.moments.pop();
    talk.positions.pop();
  });

  it('finds a row that is not the fold of its events', async () => {
    const client = new Client({ connectionString: mode.databaseUrl });
    await client.connect();
    try {
      const { rowCount } = await client.query(
        `update messages set content = '[{"type":"text","text":"planted"}]' where conversation_id = $1`,
        [talk.id],
      );
      expect(rowCount).toBeGreaterThan(0);
    } finally {
      await client.end();
    }
    expect(await rules()).toEqual(['projection']);
  });
});
