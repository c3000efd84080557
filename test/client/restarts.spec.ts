import { setTimeout as pause } from 'node:timers/promises';
import { startScriptedModel, type ScriptedModel } from '#assistant';
import {
  closeClients,
  expectExact,
  openClient,
  openPage,
  shows,
  untilTurnEnds,
  wholeLog,
} from '../support/client-checks.js';
import { freePort } from '../support/free-port.js';
import { longAnswer } from '../support/long-answer.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { startServer, type TestServer } from '../support/server.js';

const ROUNDS = 3;

/** The server dies in the midst of an answer, and comes back: the page goes on by itself. */
describe('a client whose server is killed', () => {
  const prng = createPrng('client restarts');
  let mode: TestMode;
  let model: ScriptedModel;
  let server: TestServer;
  let start: () => Promise<TestServer>;

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({ script: () => longAnswer(300, 60) });
    const PORT = String(await freePort());
    const settings = { LOG_LEVEL: 'warn', CHATLOG_LEASE_MS: '3000', CHATLOG_HEARTBEAT_MS: '1000' };
    const env = { ...mode.env, ...settings, PORT, ANTHROPIC_API_KEY: 'k', ANTHROPIC_BASE_URL: model.url };
    start = () => startServer({ env });
    server = await start();
  }, 90_000);
  afterAll(async () => {
    closeClients();
    await server?.kill9();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  it(`shows what was shown, then what came of it, in ${ROUNDS} rounds; a prompt sent meanwhile arrives once`, async () => {
    const direct = openClient(server.url);
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await direct.conversations.create();
      const page = openPage(server.url, id);
      await page.client.outbox.send({ conversationId: id }, { prompt: 'count' });
      await pause(prng.between(300, 2_500));
      await server.kill9();
      const shown = page.live.getSnapshot();
      const sent = page.client.outbox.send({ conversationId: id }, { prompt: 'and now' });
      await pause(prng.between(0, 1_500));
      // nothing that was shown is taken back while the server is away
      expect(page.live.getSnapshot().messages).toEqual(shown.messages);
      server = await start();
      await sent;
      const end = await untilTurnEnds(direct, id);
      await shows(page, end);
      await expectExact(page, direct);
      const log = await wholeLog(direct, id);
      const last = log.findLast(({ seq }) => seq === shown.seq);
      expect(last).toBeDefined();
      const prompts = log.filter(({ type }) => type === 'TurnRequested');
      expect(prompts).toHaveLength(2);
      process.stderr.write(`round ${round + 1}: killed at seq ${shown.seq} of ${end}\n`);
      page.close();
    }
  }, 180_000);
});
