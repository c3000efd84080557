import { setTimeout as pause } from 'node:timers/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Logger } from '@nestjs/common';
import { to as copyTo } from 'pg-copy-streams';
import { startScriptedModel, type ScriptedModel } from '#assistant';
import type { Rebuild } from '#projections';
import { BulkSeed } from '../../apps/admin/src/seed/bulk/bulk-seed.js';
import { CrashDrill } from '../support/crash-drill.js';
import { drillEnv } from '../support/drill-env.js';
import { drillSize } from '../support/drill-size.js';
import { longAnswer } from '../support/long-answer.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { projectionProcess, type ProjectionProcess } from '../support/projections.js';
import { ReadChecker } from '../support/read-checker.js';
import { rebuildProcess, type RebuildProcess } from '../support/rebuilds.js';
import { startRequestTimer, type RequestTimer } from '../support/request-timer.js';
import { startServer, type TestServer } from '../support/server.js';
import { verifyingOn } from '../support/verifying.js';
import { percentile } from '../performance/percentile.js';

/** 20 messages are about 2,330 events. */
const CONVERSATIONS = drillSize(64, 430);
const STREAMS = 20;
const KILLS = 5;
/** Request times are taken for so long with nothing else going on. */
const BASELINE_MS = drillSize(8_000, 20_000);
const PROJECTIONS = ['conversations', 'messages', 'moments', 'projects', 'search'];

const say = (text: string): void => void process.stderr.write(`${text}\n`);
const ms = (value: number): string => `${value.toFixed(1)} ms`;

/** API and worker as processes of their own; the worker, which copies, is killed again and again. */
describe('a rebuild of every projection under traffic', () => {
  const prng = createPrng('rebuild under traffic');
  let mode: TestMode;
  let model: ScriptedModel;
  let env: Record<string, string | undefined>;
  let api: TestServer;
  let worker: TestServer;
  let here: ProjectionProcess;
  let timer: RequestTimer;
  let asked: RebuildProcess;
  const seeded: string[] = [];

  beforeAll(async () => {
    Logger.overrideLogger(['error']);
    mode = await startMode();
    model = await startScriptedModel({ script: () => longAnswer(60, 20) });
    env = await drillEnv(mode.env, model);
    here = await projectionProcess(mode.databaseUrl);
    asked = rebuildProcess(here);
    const began = performance.now();
    const principal = { tenantId: 'local', userId: 'owner' };
    const { events } = await new BulkSeed(here.log).run({
      conversations: CONVERSATIONS,
      messages: 20,
      principal,
    });
    const rows = await here.database.query<{ id: string }>(
      `select stream_id as id from streams where kind = 'conversation'`,
    );
    seeded.push(...rows.map(({ id }) => id));
    say(
      `${events} events in ${seeded.length} conversations, ${Math.round((events * 1_000) / (performance.now() - began))} a second`,
    );
    for (const id of seeded) await here.runner.project(id);
    api = await startServer({ role: 'api', env });
    worker = await startServer({ role: 'worker', env });
    timer = startRequestTimer();
  }, 600_000);
  afterAll(async () => {
    timer?.stop();
    await worker?.stop();
    await api?.stop();
    await model?.close();
    await here?.close();
    await mode?.stop();
  }, 60_000);

  /** What the log's bytes cost to be read at all. */
  async function copyOut(): Promise<{ events: number; seconds: number }> {
    const client = await here.database.pool.connect();
    try {
      await client.query('set statement_timeout = 0');
      const { rows } = await client.query<{ events: number }>('select count(*) as events from events');
      const began = performance.now();
      const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
      await pipeline(client.query(copyTo('copy (select * from events) to stdout')), sink);
      return { events: rows[0]?.events ?? 0, seconds: (performance.now() - began) / 1_000 };
    } finally {
      client.release(true);
    }
  }

  async function over(id: string): Promise<Rebuild> {
    for (;;) {
      const rebuild = await asked.rebuilds.get(id);
      if (rebuild && rebuild.status !== 'running') return rebuild;
      await pause(200);
    }
  }

  async function killWorkers(times: number): Promise<void> {
    for (let kill = 0; kill < times; kill += 1) {
      await pause(prng.between(1_500, 4_000));
      await worker.kill9();
      worker = await startServer({ role: 'worker', env });
    }
  }

  it(
    'answers every read right, is equal to the fold, survives its workers, and can be taken back',
    async () => {
      const copied = await copyOut();
      const drill = new CrashDrill(() => api.url, prng, 1_000);
      await drill.start(STREAMS);
      const all = () => [...seeded, ...drill.watched.map(({ id }) => id)];
      const checker = new ReadChecker(() => api.url, here.log, all, prng);
      checker.start(2, 50);
      timer.ask(api.url, all());
      await pause(3_000);
      await timer.take();
      await pause(BASELINE_MS);
      const before = await timer.take();

      const began = performance.now();
      const started: Rebuild[] = [];
      for (const projection of PROJECTIONS)
        started.push(await asked.rebuilds.start({ projection, requestedBy: 'drill' }));
      await killWorkers(KILLS);
      const rebuilt = await Promise.all(started.map(({ id }) => over(id)));
      const seconds = (performance.now() - began) / 1_000;
      const during = await timer.take();
      for (const { projection, events, rows, rate, startedAt, endedAt, streamsTotal, differing } of rebuilt) {
        const took = (Date.parse(endedAt ?? '') - Date.parse(startedAt)) / 1_000;
        say(
          `${projection}: ${streamsTotal} streams, ${events} events (${rate}/s while copying), ${rows} rows, ${took.toFixed(1)} s, ${differing} differ`,
        );
      }
      say(
        `COPY events TO STDOUT: ${copied.events} events in ${copied.seconds.toFixed(2)} s (${Math.round(copied.events / copied.seconds)}/s); ` +
          `all rebuilds, with ${KILLS} kills of the worker: ${seconds.toFixed(1)} s`,
      );
      say(
        `requests: before ${before.length}, p50 ${ms(percentile(before, 0.5))}, p99 ${ms(percentile(before, 0.99))}; ` +
          `during ${during.length}, p50 ${ms(percentile(during, 0.5))}, p99 ${ms(percentile(during, 0.99))}; ` +
          `p99 ratio ${(percentile(during, 0.99) / percentile(before, 0.99)).toFixed(2)}; ` +
          `${checker.reads} reads checked, ${checker.wrong.length} wrong, ${checker.refused} refused`,
      );
      for (const { projection, error } of rebuilt) {
        const { status, differing } = rebuilt.find((one) => one.projection === projection)!;
        expect({ projection, status, differing, error }).toEqual({
          projection,
          status: 'done',
          differing: 0,
          error: null,
        });
      }

      const cancelled = await asked.rebuilds.start({ projection: 'messages', requestedBy: 'drill' });
      await pause(1_500);
      await asked.rebuilds.cancel(cancelled.id);
      await pause(1_000);
      expect(await asked.rebuilds.rollback('messages')).toMatchObject({ from: 2, to: 1 });
      await pause(2_000);
      await checker.stop();
      expect(checker.wrong).toEqual([]);
      expect(checker.reads).toBeGreaterThan(200);
      expect(await drill.settle(new Map())).toEqual([]);

      await here.runner.project(drill.watched[0]!.id);
      const checking = verifyingOn(here);
      const { report, findings } = await checking.verify();
      await checking.close();
      say(`verified: ${JSON.stringify(report)}`);
      expect(findings).toEqual([]);
    },
    drillSize(300_000, 900_000),
  );
});
