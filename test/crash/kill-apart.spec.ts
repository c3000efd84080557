import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, hasToolResult, startScriptedModel, type ScriptedModel } from '#assistant';
import { CrashDrill } from '../support/crash-drill.js';
import { drillEnv } from '../support/drill-env.js';
import { longAnswer } from '../support/long-answer.js';
import { startMode, type TestMode } from '../support/mode.js';
import { createPrng } from '../support/prng.js';
import { startServer, type ServerRole, type TestServer } from '../support/server.js';

const KILLS = 10;

/** API and worker as processes of their own, each killed mid-turn while the other goes on. */
describe('kill -9 of api and worker apart', () => {
  const prng = createPrng('kill apart');
  let mode: TestMode;
  let model: ScriptedModel;
  let env: Record<string, string | undefined>;
  const processes = new Map<ServerRole, TestServer>();

  beforeAll(async () => {
    mode = await startMode();
    model = await startScriptedModel({
      script: (request) =>
        hasToolResult(request)
          ? longAnswer(120, 150)
          : answerWith([{ text: 'A look.' }, { tool: 'Clock', input: {} }]),
    });
    env = await drillEnv(mode.env, model);
    for (const role of ['api', 'worker'] as const) processes.set(role, await startServer({ role, env }));
  }, 90_000);
  afterAll(async () => {
    for (const process of processes.values()) await process.stop();
    await model?.close();
    await mode?.stop();
  }, 60_000);

  it.each(['worker', 'api'] as const)(
    `of the %s, ${KILLS} times mid-turn: nothing lost, one terminal event each`,
    async (role) => {
      const drill = new CrashDrill(() => processes.get('api')?.url ?? '', prng);
      await drill.start(4);
      let before: Awaited<ReturnType<typeof drill.statesSeen>> = new Map();
      for (let kill = 0; kill < KILLS; kill++) {
        await pause(prng.between(300, 1_800));
        before = await drill.statesSeen();
        await processes.get(role)?.kill9();
        processes.set(role, await startServer({ role, env }));
      }
      await pause(1_000);
      const violations = await drill.settle(before);
      const turns = drill.watched.reduce((sum, { turnIds }) => sum + turnIds.length, 0);
      process.stderr.write(
        `${KILLS} kills of the ${role}, ${turns} turns, ${violations.length} violations\n`,
      );
      expect(violations).toEqual([]);
      expect(turns).toBeGreaterThan(8);
    },
    300_000,
  );
});
