import { randomUUID } from 'node:crypto';
import { ApiClient } from '../support/api-client.js';
import { startMode, type TestMode } from '../support/mode.js';
import { startPostgresProxy, type PostgresProxy } from '../support/postgres-proxy.js';
import { startServer, type TestServer } from '../support/server.js';

/** docs/protocol.md, clauses 2.5 and 12.1: the database goes away and comes back. */
jest.setTimeout(90_000);

let mode: TestMode;
let proxy: PostgresProxy;
let server: TestServer;
let api: ApiClient;

beforeAll(async () => {
  mode = await startMode();
  proxy = await startPostgresProxy(mode.databaseUrl);
  server = await startServer({ env: { ...mode.env, DATABASE_URL: proxy.url } });
  api = new ApiClient(server.url);
});

afterAll(async () => {
  await server?.stop();
  await proxy?.close();
  await mode?.stop();
});

it('2.5 12.1 answers 503 with Retry-After while the log is away, and a repeat by key has one effect', async () => {
  const { id } = (await api.post('/api/conversations', { title: 'before' })).json;
  proxy.down();
  const headers = { 'idempotency-key': randomUUID() };
  const body = { role: 'user', content: 'through the outage' };
  const messages = `/api/conversations/${id}/messages`;
  const answers = await Promise.all([
    api.get(`/api/conversations/${id}`),
    api.get('/api/conversations'),
    api.get(`${messages}?limit=1`),
    api.get(`/api/conversations/${id}/events`),
    api.get(`/api/conversations/${id}/stream`),
    api.post(messages, body, headers),
    api.patch(`/api/conversations/${id}`, { title: 'x' }),
  ]);
  for (const { status, json, headers: sent, text } of answers) {
    expect([status, json?.code, sent['retry-after'], text.includes('ECONN')]).toEqual([
      503,
      'log_unavailable',
      '1',
      false,
    ]);
  }
  expect((await api.get('/health/live')).status).toBe(200);
  const ready = await api.get('/health/ready');
  expect([ready.status, ready.json.status]).toEqual([503, 'unavailable']);

  proxy.up();
  let repeat = await api.post(messages, body, headers);
  for (let tries = 0; repeat.status === 503 && tries < 50; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    repeat = await api.post(messages, body, headers);
  }
  expect(repeat.status).toBe(201);
  expect((await api.post(messages, body, headers)).text).toBe(repeat.text);
  const { json } = await api.get(messages);
  expect(json.map((message: { content: string }) => message.content)).toEqual(['through the outage']);
  expect((await api.get('/health/ready')).status).toBe(200);
});
