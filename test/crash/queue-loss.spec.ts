import { setTimeout as pause } from 'node:timers/promises';
import { startScriptedModel, type ScriptedModel } from '#assistant';
import { Crowd } from '../support/crowd.js';
import { drillEnv } from '../support/drill-env.js';
import type { Violation } from '../support/history-checker.js';
import { LiveReader } from '../support/live-reader.js';
import { longAnswer } from '../support/long-answer.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { createPrng } from '../support/prng.js';
import { projectionProcess, type ProjectionProcess } from '../support/projections.js';
import { wipeQueue } from '../support/queue-wipe.js';
import { checkReadModels } from '../support/read-model-check.js';
import { startTestRedis, type TestRedis } from '../support/redis.js';
import { startServer, type TestServer } from '../support/server.js';
import { Supervised } from '../support/supervised.js';
import { unprojected } from '../support/unprojected.js';
import { until } from '../support/until.js';

const CONVERSATIONS = 200;
const CLIENTS = 10;
const WIPES = 10;
const KILLS = 30;
const WORKERS = 2;
/** So many conversations are followed live. */
const READERS = 12;

/**
 * The queue loses everything that it holds, and workers die, while 200 conversations are written to. No command projects its
 * own stream here, so all rows are the work of jobs that were not lost, and of sweepers.
 */
describe('the queue is wiped and workers are killed under traffic', () => {
  const prng = createPrng('queue loss');
  let database: TestDatabase;
  let redis: TestRedis | null = null;
  let model: ScriptedModel;
  let api: TestServer;
  let projections: ProjectionProcess;
  const workers: Supervised[] = [];
  let readers: LiveReader[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    redis = process.env.CHATLOG_TEST_DATABASE_URL ? await startTestRedis() : null;
    model = await startScriptedModel({ script: () => longAnswer(20, 100) });
    const storage = { DATABASE_URL: database.url, REDIS_URL: redis?.url };
    const env = { ...(await drillEnv(storage, model)), CHATLOG_PROJECT_IN_PLACE_MS: '0' };
    api = await startServer({ role: 'api', env });
    for (let n = 0; n < WORKERS; n += 1) {
      workers.push(new Supervised(() => startServer({ role: 'worker', env: { ...env, PORT: undefined } })));
    }
    await Promise.all(workers.map((worker) => worker.ready()));
    projections = await projectionProcess(database.url);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await projections?.close();
    await Promise.all(workers.map((worker) => worker.stop()));
    await api?.stop();
    await model?.close();
    await redis?.stop();
    await database?.drop();
  }, 60_000);

  async function kills(worker: Supervised): Promise<void> {
    for (let kill = 0; kill < KILLS / WORKERS; kill += 1) {
      await worker.ready();
      await pause(prng.between(200, 3_000));
      await worker.kill9();
    }
    await worker.ready();
  }

  it(`${WIPES} and ${KILLS} times: ${CONVERSATIONS} of ${CONVERSATIONS} conversations are the fold of their events`, async () => {
    const crowd = new Crowd(() => api.url, prng);
    await crowd.start(CONVERSATIONS, CLIENTS, 50);
    readers = crowd.talks.slice(0, READERS).map(({ id }) => new LiveReader(() => api.url, id));
    const killed = Promise.all(workers.map(kills));
    for (let wipe = 0; wipe < WIPES; wipe += 1) {
      await pause(prng.between(1_000, 3_000));
      await wipeQueue(database.url, redis);
    }
    await killed;
    await crowd.stop();
    await until(async () => (await unprojected(projections.database)).pending === 0);
    // a stream whose projector was killed is folded in a process of its own then, which nobody killed: none is parked
    expect(await unprojected(projections.database)).toEqual({ pending: 0, parked: 0, behind: 0 });

    const violations: Violation[] = [];
    let equal = 0;
    for (const [n, { id, acked }] of crowd.talks.entries()) {
      const reader = readers[n];
      const head = await projections.log.head(id);
      if (reader) await until(() => reader.lastSeq >= head);
      await reader?.stop();
      const reads = reader && [{ client: 'live reader', after: 0, events: reader.events }];
      const found = await checkReadModels(projections, id, { acked, reads });
      violations.push(...found);
      if (found.length === 0) equal += 1;
    }
    const turns = crowd.talks.reduce((sum, talk) => sum + talk.turns, 0);
    const deaths = workers.reduce((sum, worker) => sum + worker.deaths, 0);
    process.stderr.write(
      `${WIPES} wipes of ${redis ? 'Redis' : "BullMQ's tables"}, ${deaths} kills, ${crowd.writes} writes (${turns} turns), ` +
        `${equal} of ${CONVERSATIONS} conversations equal their fold, ${violations.length} violations\n`,
    );
    expect(violations).toEqual([]);
    expect([equal, deaths]).toEqual([CONVERSATIONS, KILLS]);
    expect(turns).toBeGreaterThan(KILLS);
  }, 600_000);

  /** The negative control: rows that are not the fold are found. */
  it('the check finds one altered row', async () => {
    const [row] = await projections.database.query<{ id: string }>(
      `select conversation_id as id from conversations where valid_to is null order by conversation_id limit 1`,
    );
    expect(await checkReadModels(projections, row!.id)).toEqual([]);
    await projections.database.query(
      `update conversations set title = '"another"' where conversation_id = $1 and valid_to is null`,
      [row!.id],
    );
    const found = await checkReadModels(projections, row!.id);
    expect(found.map(({ rule }) => rule)).toEqual(['projection']);
  });
});
