import { setTimeout as pause } from 'node:timers/promises';
import { startScriptedModel, type ScriptedModel } from '#assistant';
import { CrashDrill } from '../support/crash-drill.js';
import { ApiClient } from '../support/api-client.js';
import { requestTurn, startConversation, turnEnd } from '../support/conversation-probe.js';
import { freePort } from '../support/free-port.js';
import { longAnswer } from '../support/long-answer.js';
import {
  createTestDatabase,
  startOwnPostgres,
  type OwnPostgres,
  type TestDatabase,
} from '../support/postgres.js';
import { createPrng } from '../support/prng.js';
import { describeWithRedis, startTestRedis, type TestRedis } from '../support/redis.js';
import { startServer, type TestServer } from '../support/server.js';

const quick = {
  CHATLOG_LEASE_MS: '2000',
  CHATLOG_HEARTBEAT_MS: '500',
  CHATLOG_SWEEP_MS: '200',
  LOG_LEVEL: 'error',
};

async function answeringModel(): Promise<ScriptedModel> {
  return startScriptedModel({ script: () => longAnswer(100, 100) });
}

describeWithRedis('Redis goes away', () => {
  const prng = createPrng('redis outage');
  let database: TestDatabase;
  let redis: TestRedis;
  let model: ScriptedModel;
  let server: TestServer;

  beforeAll(async () => {
    database = await createTestDatabase();
    const started = await startTestRedis();
    if (!started) throw new Error('there is a redis-server, and it did not start');
    redis = started;
    model = await answeringModel();
    server = await startServer({
      env: {
        ...quick,
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        ANTHROPIC_API_KEY: 'test-key',
        ANTHROPIC_BASE_URL: model.url,
      },
    });
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await model?.close();
    await redis?.stop();
    await database?.drop();
  }, 60_000);

  it('is flushed three times mid-traffic: nothing lost, every turn ends', async () => {
    const drill = new CrashDrill(() => server.url, prng);
    await drill.start(6);
    for (let flush = 0; flush < 3; flush++) {
      await pause(prng.between(300, 1_500));
      await redis.flushAll();
    }
    expect(await drill.settle(new Map())).toEqual([]);
  }, 120_000);

  it('is down for 20 s mid-traffic, with turns queued meanwhile: all run within 15 s of its return', async () => {
    const drill = new CrashDrill(() => server.url, prng);
    await drill.start(4);
    await pause(1_000);
    await redis.kill9();
    const api = new ApiClient(server.url);
    const queued: { id: string; turnId: string }[] = [];
    for (let n = 0; n < 10; n++) {
      const id = await startConversation(api);
      const began = Date.now();
      queued.push({ id, turnId: (await requestTurn(api, id, `queued ${n}`)).turnId });
      expect(Date.now() - began).toBeLessThan(5_000);
    }
    await pause(20_000);
    await redis.restart();
    const back = Date.now();
    for (const { id, turnId } of queued)
      expect((await turnEnd(api, id, turnId, 30_000)).type).toBe('TurnCompleted');
    process.stderr.write(`all 10 queued turns had ended ${Date.now() - back} ms after Redis was back\n`);
    expect(await drill.settle(new Map())).toEqual([]);
  }, 180_000);
});

describe('PostgreSQL restarts mid-traffic', () => {
  const prng = createPrng('postgres restart');
  let postgres: OwnPostgres;
  let model: ScriptedModel;
  let server: TestServer;

  beforeAll(async () => {
    postgres = await startOwnPostgres({ watch: true });
    model = await answeringModel();
    server = await startServer({
      env: {
        ...quick,
        DATABASE_URL: postgres.url,
        ANTHROPIC_API_KEY: 'test-key',
        ANTHROPIC_BASE_URL: model.url,
      },
    });
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await model?.close();
    await postgres?.stop();
  }, 60_000);

  it('three times, at once and without a checkpoint: nothing acked lost, every turn ends, caught up by itself', async () => {
    const drill = new CrashDrill(() => server.url, prng);
    await drill.start(4);
    for (let restart = 0; restart < 3; restart++) {
      await pause(prng.between(500, 1_500));
      postgres.crash();
    }
    await pause(1_000);
    expect(await drill.settle(new Map())).toEqual([]);
    expect(server.exitCode()).toBeNull();
  }, 180_000);
});

describe('the process dies between accepting a turn and enqueuing it', () => {
  it('the sweeper of another starts it', async () => {
    const database = await createTestDatabase();
    const model = await answeringModel();
    const env = {
      ...quick,
      DATABASE_URL: database.url,
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: model.url,
    };
    // its queue is at a port that nobody listens on: the turn is accepted, and no job is ever made
    const deaf = await startServer({
      role: 'api',
      env: { ...env, REDIS_URL: `redis://127.0.0.1:${await freePort()}` },
    });
    let server: TestServer | undefined;
    try {
      const api = new ApiClient(deaf.url);
      const id = await startConversation(api);
      const { turnId } = await requestTurn(api, id, 'hello');
      await deaf.kill9();
      server = await startServer({ env });
      expect((await turnEnd(new ApiClient(server.url), id, turnId, 30_000)).type).toBe('TurnCompleted');
      expect(model.received()).toBe(1);
    } finally {
      await deaf.kill9();
      await server?.stop();
      await model.close();
      await database.drop();
    }
  }, 120_000);
});
