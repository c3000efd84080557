import { setTimeout as pause } from 'node:timers/promises';
import { startScriptedModel, type ScriptedModel } from '#assistant';
import type { ChatLogClient } from '#client';
import type { LogEvent } from '#contracts';
import {
  closeClients,
  expectExact,
  openClient,
  openPage,
  shows,
  untilTurnEnds,
  wholeLog,
} from '../support/client-checks.js';
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.js';
import { longAnswer } from '../support/long-answer.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { startServer, type TestServer } from '../support/server.js';

const DELTAS = 400;
const READERS = 6;

/** The client on a network that cuts every connection after some random bytes, its requests and its streams alike. */
describe('a client whose connections are cut', () => {
  const prng = createPrng('client cuts');
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let proxy: CuttingProxy;
  /** Not through the proxy. */
  let direct: ChatLogClient;
  let isCutting = true;

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({
      script: ({ messages }) =>
        longAnswer(DELTAS, JSON.stringify(messages.at(-1)).includes('slowly') ? 25 : 120),
    });
    const env = {
      ...mode.env,
      ANTHROPIC_API_KEY: 'test-key',
      ANTHROPIC_BASE_URL: model.url,
      LOG_LEVEL: 'warn',
    };
    server = await startServer({ env });
    proxy = await startCuttingProxy(server.url, () => (isCutting ? prng.between(200, 30_000) : Infinity));
    direct = openClient(server.url);
  }, 90_000);
  afterAll(async () => {
    closeClients();
    await proxy?.close();
    await server?.stop();
    await model?.close();
    await mode?.stop();
  }, 60_000);
  beforeEach(() => {
    isCutting = true;
  });

  const start = async (): Promise<string> => (await direct.conversations.create()).id;

  it(`loses and repeats nothing: ${READERS} streams are the log, and what is shown is exact`, async () => {
    const reader = async (): Promise<void> => {
      const id = await start();
      const seen: LogEvent[] = [];
      const stream = openClient(proxy.url).openStream(id, {
        onEvent: (event) => seen.push(event),
        onReset: () => undefined,
      });
      const page = openPage(proxy.url, id);
      await direct.turns.request(id, { prompt: 'count' });
      const end = await untilTurnEnds(direct, id);
      // each cut costs a wait: what is left comes through
      isCutting = false;
      await shows(page, end);
      while (stream.seq < end) await pause(20);
      expect(seen).toEqual(await wholeLog(direct, id));
      await expectExact(page, direct);
      stream.close();
      page.close();
    };
    const before = proxy.cuts();
    await Promise.all(Array.from({ length: READERS }, reader));
    const cuts = proxy.cuts() - before;
    process.stderr.write(`${cuts} cuts of ${READERS} readers\n`);
    expect(cuts).toBeGreaterThan(READERS);
  }, 180_000);

  it('would lose events if it did not go on where it was (negative control)', async () => {
    const id = await start();
    await direct.turns.request(id, { prompt: 'count' });
    const seen: number[] = [];
    const end = untilTurnEnds(direct, id);
    for (let over = false; !over;) {
      // as a client that forgets its cursor would: only what comes from now on
      const { seq } = await direct.conversations.get(id);
      const cut = openClient(proxy.url);
      const stream = cut.openStream(id, {
        after: seq,
        onEvent: (event) => seen.push(event.seq),
        onReset: () => undefined,
      });
      over = await Promise.race([end.then(() => true), pause(300, false)]);
      stream.close();
    }
    const missing = (await wholeLog(direct, id)).filter((event) => !seen.includes(event.seq));
    expect(missing.length).toBeGreaterThan(0);
  }, 120_000);

  it('shows after each of 30 reloads, at random moments, exactly what there was, and goes on', async () => {
    isCutting = false;
    const id = await start();
    let amidst = 0;
    let end: Promise<number> | undefined;
    for (let reload = 0; reload < 30; reload += 1) {
      const { turn } = await direct.conversations.get(id);
      if (!turn) {
        await direct.turns.request(id, { prompt: 'count slowly' });
        end = untilTurnEnds(direct, id);
      }
      await pause(prng.between(0, 120));
      const page = openPage(server.url, id);
      await shows(page, 1);
      if (page.live.getSnapshot().inFlight) amidst += 1;
      const seq = await expectExact(page, direct);
      await Promise.race([shows(page, seq + 1), end]);
      await expectExact(page, direct);
      page.close();
    }
    process.stderr.write(`${amidst} of 30 reloads in the midst of an answer\n`);
    expect(amidst).toBeGreaterThan(10);
    await end;
  }, 240_000);

  it('asks each prompt once, however often its answer is lost', async () => {
    const id = await start();
    await pause(0);
    const client = openClient(proxy.url);
    isCutting = true;
    const release = client.live.hold(client.live.get(id));
    const prompts = ['one', 'two', 'three'];
    const all = prompts.map((prompt) => client.outbox.send({ conversationId: id }, { prompt }));
    await Promise.all(all);
    await untilTurnEnds(direct, id);
    const log = await wholeLog(direct, id);
    const asked = log.filter(
      ({ type, data }) => type === 'MessagePosted' && (data as { role: string }).role === 'user',
    );
    expect(asked.map(({ data }) => (data as { content: { text: string }[] }).content[0]?.text)).toEqual(
      prompts,
    );
    release();
    client.close();
  }, 120_000);
});
