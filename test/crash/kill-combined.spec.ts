import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, hasToolResult, startScriptedModel, type ScriptedModel } from '#assistant';
import { CrashDrill } from '../support/crash-drill.js';
import { drillEnv } from '../support/drill-env.js';
import { longAnswer } from '../support/long-answer.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { startServer, type TestServer } from '../support/server.js';

const KILLS = 10;
const external = Boolean(process.env.CHATLOG_TEST_DATABASE_URL);

/** `kill -9` of the combined process in the middle of turns; in embedded mode its PostgreSQL survives it and is adopted. */
describe('kill -9 of the combined process', () => {
  const prng = createPrng('kill combined');
  let mode: TestMode | undefined;
  let folder: string;
  let model: ScriptedModel;
  let server: TestServer;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'chatlog-kill-'));
    // run by root, the embedded server is another user
    await chmod(folder, 0o711);
    mode = external ? await startMode() : undefined;
    // an answer with two tool calls, then a long one: kills fall between, in and after
    model = await startScriptedModel({
      script: (request) =>
        hasToolResult(request)
          ? longAnswer(120, 150)
          : answerWith([
              { text: 'Two looks at the clock.' },
              { tool: 'Clock', input: {} },
              { tool: 'Clock', input: {} },
            ]),
    });
    env = await drillEnv(mode?.env ?? { CHATLOG_DATA_DIR: join(folder, 'data') }, model);
    server = await startServer({ env });
  }, 90_000);
  afterAll(async () => {
    await server?.stop();
    await model?.close();
    await mode?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it(`${KILLS} times mid-turn: log gapless, nothing acked lost, one terminal event, the same state after as before`, async () => {
    const drill = new CrashDrill(() => server.url, prng);
    await drill.start(4);
    let before: Awaited<ReturnType<typeof drill.statesSeen>> = new Map();
    for (let kill = 0; kill < KILLS; kill++) {
      await pause(prng.between(300, 1_800));
      before = await drill.statesSeen();
      await server.kill9();
      server = await startServer({ env });
    }
    await pause(1_000);
    const violations = await drill.settle(before);
    const turns = drill.watched.reduce((sum, { turnIds }) => sum + turnIds.length, 0);
    const events = drill.watched.reduce((sum, { reader }) => sum + reader.events.length, 0);
    process.stderr.write(
      `${KILLS} kills, ${turns} turns, ${events} events, ${violations.length} violations\n`,
    );
    expect(violations).toEqual([]);
    expect(turns).toBeGreaterThan(KILLS);
  }, 300_000);
});
