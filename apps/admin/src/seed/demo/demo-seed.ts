import { AssistantModule, startScriptedModel } from '#assistant';
import type { Principal } from '#conversations';
import { ForkedProjectsModule } from '../../../../api/src/forks/forked-projects.module.js';
import { Sessions } from '../../session/sessions.js';
import { demoScript } from './demo-script.js';
import { DemoStage } from './demo-stage.js';
import { DemoTurns } from './demo-turns.js';
import { demoPlots } from './plots/index.js';

export type DemoReport = { conversations: string[]; seconds: number };

/** Deltas a second: as one reads, so that a replay is worth looking at. */
const SPEED = 90;

/**
 * Makes the demo: every conversation is really had, with a scripted model, all of them side by side, in about half a minute.
 * Repeating it adds nothing.
 */
export async function seedDemo(
  sessions: Sessions,
  principal: Principal,
  onStep: (done: number, total: number) => void,
): Promise<DemoReport> {
  const begun = performance.now();
  let turns: DemoTurns | undefined;
  const model = await startScriptedModel({
    script: demoScript(demoPlots, (prompt) => turns?.onStall(prompt)),
    speed: SPEED,
    remember: 0,
  });
  const settings = { anthropicBaseUrl: model.url, anthropicApiKey: undefined, model: 'scripted' };
  const options = {
    command: 'seed',
    create: true,
    modules: [AssistantModule, ForkedProjectsModule],
    settings,
  };
  try {
    return await sessions.use(options, async (session) => {
      turns = new DemoTurns(session);
      const stage = new DemoStage(session, turns, principal);
      const total = demoPlots.reduce((sum, { steps }) => sum + steps.length, 0);
      let done = 0;
      const made = await Promise.all(
        demoPlots.map((plot) => stage.perform(plot, () => onStep((done += 1), total))),
      );
      return { conversations: made.flat(), seconds: (performance.now() - begun) / 1_000 };
    });
  } finally {
    await model.close();
  }
}
