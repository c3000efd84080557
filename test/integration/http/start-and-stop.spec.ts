import { answerWith, startScriptedModel, type ScriptedModel } from '#assistant';
import { migrate } from '#platform';
import { ApiClient } from '../../support/api-client.js';
import { readEvents, requestTurn, startConversation, turnEnd } from '../../support/conversation-probe.js';
import { freePort } from '../../support/free-port.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { createBareDatabase } from '../../support/postgres.js';
import { startServer } from '../../support/server.js';
import { readStream } from '../../support/sse-client.js';

jest.setTimeout(90_000);

let mode: TestMode;
let model: ScriptedModel;
let env: Record<string, string>;

beforeAll(async () => {
  mode = await startMode();
  // some five seconds of answer
  model = await startScriptedModel({ speed: 40, script: () => answerWith([{ text: 'word '.repeat(200) }]) });
  env = { ...mode.env, ANTHROPIC_BASE_URL: model.url };
});

afterAll(async () => {
  await model?.close();
  await mode?.stop();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const isDelta = ({ event }: { event: string | null }) => event === 'StreamDeltaReceived';

it.each(['SIGTERM', 'SIGINT', 'SIGINT twice, as npm passes it on'])(
  '%s interrupts running turns, says so, and ends well',
  async (signal) => {
    const server = await startServer({ env });
    const api = new ApiClient(server.url);
    const id = await startConversation(api);
    const stream = readStream(api, { path: `/api/conversations/${id}/stream` }, () => false);
    const { turnId, streamUrl } = await requestTurn(api, id, 'go');
    await readStream(api, { path: streamUrl }, isDelta);
    for (const name of signal.startsWith('SIGTERM')
      ? (['SIGTERM'] as const)
      : (['SIGINT', 'SIGINT'] as const).slice(0, signal.includes('twice') ? 2 : 1)) {
      server.signal(name);
      await pause(20);
    }
    const { frames } = await stream;
    // not stopped once more: a second signal would end it at once
    expect(await server.ended).toBe(0);
    const told = frames.filter(({ id: seq }) => seq !== null).at(-1)?.json;
    expect(told).toMatchObject({ type: 'TurnInterrupted', data: { turnId, reason: 'shutdown' } });
    expect(frames.at(-1)?.event).toBe('closing');

    const again = await startServer({ role: 'api', env });
    const events = await readEvents(new ApiClient(again.url), id);
    await again.stop();
    expect(events.at(-1)).toEqual(told);
  },
);

it('a worker alone lets running turns end', async () => {
  const server = await startServer({ role: 'api', env });
  const worker = await startServer({ role: 'worker', env });
  const api = new ApiClient(server.url);
  const id = await startConversation(api);
  const { turnId, streamUrl } = await requestTurn(api, id, 'go');
  await readStream(api, { path: streamUrl }, isDelta);
  expect(await worker.stop()).toBe(0);
  const end = await turnEnd(api, id, turnId);
  expect(end.type).toBe('TurnCompleted');
  expect(await server.stop()).toBe(0);
});

it('the API waits for the schema, alive and not ready', async () => {
  const database = await createBareDatabase();
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const starting = startServer({ role: 'api', env: { DATABASE_URL: database.url, PORT: port } });
  const api = new ApiClient(url);
  let ready = await api.get('/health/ready').catch(() => undefined);
  for (let tries = 0; !ready && tries < 200; tries += 1) {
    await pause(50);
    ready = await api.get('/health/ready').catch(() => undefined);
  }
  expect([ready?.status, ready?.json.code, ready?.headers['retry-after']]).toEqual([503, 'starting', '1']);
  expect((await api.get('/health/live')).json).toEqual({ status: 'ok' });
  expect((await api.get('/api/conversations')).status).toBe(503);
  await migrate({ url: database.url });
  const server = await starting;
  expect((await api.get('/api/conversations')).json).toEqual([]);
  expect(await server.stop()).toBe(0);
  await database.drop();
});
