import { ApiClient } from '../../support/api-client.js';
import { requestTurn, startConversation, turnEnd } from '../../support/conversation-probe.js';
import { freePort } from '../../support/free-port.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { type PostgresProxy, startPostgresProxy } from '../../support/postgres-proxy.js';
import { startServer } from '../../support/server.js';
import { readStream, type SseFrame } from '../../support/sse-client.js';
import { until } from '../../support/until.js';

jest.setTimeout(90_000);

let mode: TestMode;
let proxy: PostgresProxy;

beforeAll(async () => {
  mode = await startMode();
  proxy = await startPostgresProxy(mode.databaseUrl);
});

afterAll(async () => {
  await proxy?.close();
  await mode?.stop();
});

/** The sum of a metric's values on a page, those with `labels` alone. */
function valueOf(page: string, name: string, labels = ''): number {
  const lines = page.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return lines
    .filter((line) => line.includes(labels))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

const ends = ({ event }: SseFrame) => event === 'TurnCompleted';

const asked = async (url: string, given?: string) =>
  (await new ApiClient(url).get('/metrics', given ? { authorization: `Bearer ${given}` } : {})).status;

it('measures a turn from its request to its rows', async () => {
  const server = await startServer({ env: mode.env });
  const api = new ApiClient(server.url);
  const id = await startConversation(api);
  const reading = readStream(api, { path: `/api/conversations/${id}/stream` }, ends);
  const { turnId } = await requestTurn(api, id, 'go');
  expect((await turnEnd(api, id, turnId)).type).toBe('TurnCompleted');
  await reading;
  let page = '';
  await until(async () => {
    const answer = await api.get('/metrics');
    expect([answer.status, answer.headers['content-type']]).toEqual([
      200,
      expect.stringContaining('text/plain'),
    ]);
    page = answer.text;
    return valueOf(page, 'chatlog_turn_seconds_count') > 0;
  });
  for (const [name, labels] of [
    ['chatlog_turns_total', 'outcome="completed"'],
    ['chatlog_tokens_total', 'kind="output"'],
    ['chatlog_events_total', 'type="StreamDeltaReceived"'],
    ['chatlog_commit_seconds_count', ''],
    ['chatlog_flush_seconds_count', ''],
    ['chatlog_delivery_seconds_count', ''],
    ['chatlog_http_request_seconds_count', 'route="/api/conversations/:id/turns"'],
    ['chatlog_projected_events_total', 'projection="messages"'],
    ['chatlog_projector_batches_total', 'outcome="moved"'],
    ['chatlog_sweeps_total', 'outcome="done"'],
    ['chatlog_pool_connections', ''],
    ['process_cpu_seconds_total', ''],
  ] as const) {
    expect([name, valueOf(page, name, labels)]).toEqual([name, expect.any(Number)]);
    expect([name, valueOf(page, name, labels) > 0]).toEqual([name, true]);
  }
  for (const part of ['database', 'queue', 'projections']) {
    expect([part, valueOf(page, 'chatlog_up', `part="${part}"`)]).toEqual([part, 1]);
  }
  expect(page).toContain('chatlog_projection_lag_events{projection="messages"}');
  expect(page).toContain('chatlog_queue_jobs{queue="turns",state="waiting"}');
  // no ids, as each would be a series for ever
  expect(page).not.toMatch(/[\da-f]{8}-[\da-f]{4}-/);
  await server.stop();
});

it('12.3 answers a scrape while the database is away, and says so', async () => {
  const server = await startServer({ env: { ...mode.env, DATABASE_URL: proxy.url } });
  const api = new ApiClient(server.url);
  await until(
    async () => valueOf((await api.get('/metrics')).text, 'chatlog_up', 'part="projections"') === 1,
  );
  proxy.down();
  await until(
    async () => valueOf((await api.get('/metrics')).text, 'chatlog_up', 'part="projections"') === 0,
  );
  const { status, text } = await api.get('/metrics');
  expect(status).toBe(200);
  expect(text).not.toContain('chatlog_projection_lag_seconds{');
  proxy.up();
  await until(
    async () => valueOf((await api.get('/metrics')).text, 'chatlog_up', 'part="projections"') === 1,
  );
  await server.stop();
});

it('12.3 shows them to whoever may see how the service stands, in a worker too', async () => {
  const [token, adminReadToken] = ['a-token-of-ours', 'a-token-of-watchers'];
  const tokens = {
    CHATLOG_TOKEN: token,
    CHATLOG_ADMIN_TOKEN: 'a-token-of-admins',
    CHATLOG_ADMIN_READ_TOKEN: adminReadToken,
  };
  const port = String(await freePort());
  const env = { ...mode.env, ...tokens };
  const server = await startServer({ role: 'api', env });
  const worker = await startServer({ role: 'worker', env: { ...env, CHATLOG_METRICS_PORT: port } });
  expect(
    await Promise.all([undefined, token, adminReadToken].map((given) => asked(server.url, given))),
  ).toEqual([401, 403, 200]);
  const url = `http://127.0.0.1:${port}`;
  expect(await Promise.all([undefined, token, adminReadToken].map((given) => asked(url, given)))).toEqual([
    401, 401, 200,
  ]);
  expect((await new ApiClient(url).get('/other')).status).toBe(404);
  expect(await Promise.all([server.stop(), worker.stop()])).toEqual([0, 0]);
});
