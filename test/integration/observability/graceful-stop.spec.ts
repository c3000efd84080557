import { answerWith, startScriptedModel, type ScriptedModel } from '#assistant';
import { ApiClient } from '../../support/api-client.js';
import { readEvents, requestTurn, startConversation } from '../../support/conversation-probe.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startServer } from '../../support/server.js';
import { readStream, type SseFrame } from '../../support/sse-client.js';
import { until } from '../../support/until.js';

jest.setTimeout(120_000);

const TURNS = 5;
const READERS_A_TURN = 4;
const TERMINAL = new Set(['TurnCompleted', 'TurnFailed', 'TurnCancelled', 'TurnInterrupted']);

let mode: TestMode;
let model: ScriptedModel;

beforeAll(async () => {
  mode = await startMode();
  // a minute of answer: no turn ends by itself
  model = await startScriptedModel({
    speed: 40,
    script: () => answerWith([{ text: 'word '.repeat(2_400) }]),
  });
});

afterAll(async () => {
  await model?.close();
  await mode?.stop();
});

const path = (id: string) => `/api/conversations/${id}/stream`;
const isHint = ({ raw, event }: SseFrame) => event === 'closing' && /^retry: \d+$/m.test(raw);

it('12.5 stops by itself while readers follow and turns run: each is told, and each turn has one end', async () => {
  const server = await startServer({ env: { ...mode.env, ANTHROPIC_BASE_URL: model.url } });
  const api = new ApiClient(server.url);
  const ids = await Promise.all(Array.from({ length: TURNS }, () => startConversation(api)));
  let following = 0;
  const readers = ids.flatMap((id) =>
    Array.from({ length: READERS_A_TURN }, async () => {
      let sawDelta = false;
      const look = ({ event }: SseFrame) => {
        if (event === 'StreamDeltaReceived' && !sawDelta) following += 1;
        sawDelta ||= event === 'StreamDeltaReceived';
        return false;
      };
      return readStream(api, { path: path(id) }, look, 60_000).catch((error: Error) => error.message);
    }),
  );
  const turns = await Promise.all(ids.map((id) => requestTurn(api, id, 'go')));
  await until(() => following === readers.length);

  const code = await server.stop();
  expect([code, server.output()]).toEqual([0, expect.any(String)]);
  // it ended in order, and was not cut off by its own limit of 10 s
  expect(server.output()).not.toContain('ending anyway');
  for (const read of await Promise.all(readers)) {
    if (typeof read === 'string') throw new Error(`a stream was cut: ${read}`);
    const { frames, ended } = read;
    expect([ended, frames.filter(isHint).length]).toEqual([true, 1]);
    const events = frames.filter(({ id }) => id !== null);
    expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, index) => index + 1));
  }

  const again = await startServer({ role: 'api', env: mode.env });
  for (const [index, id] of ids.entries()) {
    const events = await readEvents(new ApiClient(again.url), id);
    const ends = events.filter(({ type }) => TERMINAL.has(type));
    expect(ends.map(({ type, data }) => [type, data.turnId])).toEqual([
      ['TurnInterrupted', turns[index]?.turnId],
    ]);
  }
  expect(await again.stop()).toBe(0);
});

it('12.5 tells the LOL app when to come back, where only its server stops', async () => {
  const env = { ...mode.env, ANTHROPIC_BASE_URL: model.url };
  const [server, worker] = [
    await startServer({ role: 'api', env }),
    await startServer({ role: 'worker', env }),
  ];
  const api = new ApiClient(server.url);
  const request = { method: 'POST', path: '/api/iterate/claude/stream', body: { prompt: 'go' } };
  let following = false;
  const reading = readStream(api, request, () => !(following = true), 60_000);
  await until(() => following);
  expect(await server.stop()).toBe(0);
  const { frames, ended } = await reading;
  expect(ended).toBe(true);
  expect(frames.at(-1)?.raw).toMatch(/^retry: 1000\nevent: error\n/);
  expect(frames.filter(({ raw }) => raw.includes('retry:')).length).toBe(1);
  await worker.kill9();
});
