import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, startScriptedModel } from '#assistant';
import { Database } from '#platform';
import { ApiClient } from '../../support/api-client.js';
import { requestTurn, startConversation, turnEnd } from '../../support/conversation-probe.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startPostgresProxy } from '../../support/postgres-proxy.js';
import { startServer, type TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

jest.setTimeout(90_000);

type Line = { level: string; message: string; requestId?: string; conversationId?: string; seq?: number };

let mode: TestMode;

beforeAll(async () => {
  mode = await startMode();
});

afterAll(() => mode?.stop());

const linesOf = (server: TestServer): Line[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

it('names request, conversation and seq on the lines of a request, and its turn', async () => {
  const model = await startScriptedModel({ script: () => answerWith([{ text: 'well' }]) });
  const env = { ...mode.env, ANTHROPIC_BASE_URL: model.url, LOG_LEVEL: 'debug' };
  const server = await startServer({ env });
  const api = new ApiClient(server.url);
  const id = await startConversation(api);
  const { turnId, seq } = await requestTurn(api, id, 'go', { 'x-request-id': 'request-of-the-turn' });
  await turnEnd(api, id, turnId);
  const told = () => linesOf(server).filter(({ requestId }) => requestId === 'request-of-the-turn');
  await until(() => told().some(({ message }) => message.includes('turn ended')));
  expect(told()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        level: 'debug',
        message: expect.stringMatching(/^POST \/api\/conversations\/.+ 202 in \d+ ms$/),
        conversationId: id,
        seq,
      }),
      expect.objectContaining({ message: expect.stringContaining('turn ended'), conversationId: id }),
    ]),
  );
  await server.stop();
  await model.close();
});

it('names the request of a failure, and of what was slow', async () => {
  const proxy = await startPostgresProxy(mode.databaseUrl);
  const server = await startServer({ role: 'api', env: { ...mode.env, DATABASE_URL: proxy.url } });
  const api = new ApiClient(server.url);
  const id = await startConversation(api);
  const linesFor = (wanted: string) => linesOf(server).filter(({ requestId }) => requestId === wanted);

  const blocker = await Database.connect({ url: mode.databaseUrl, poolSize: 1 });
  const blocked = blocker.transaction('READ COMMITTED', async (q) => {
    await q.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
    await pause(1_500);
  });
  await pause(100);
  const slow = await api.get(`/api/conversations/${id}`, { 'x-request-id': 'slow-request' });
  await blocked;
  await blocker.end();
  expect(slow.status).toBe(200);
  await until(() => linesFor('slow-request').length > 0);
  expect(linesFor('slow-request')).toMatchObject([
    { level: 'warn', message: expect.stringMatching(/^slow: GET .+ 200 in \d+ ms$/), conversationId: id },
  ]);

  proxy.down();
  const headers = { 'x-request-id': 'request-in-the-outage' };
  expect((await api.patch(`/api/conversations/${id}`, { title: 'x' }, headers)).status).toBe(503);
  await until(() => linesFor('request-in-the-outage').length > 0);
  expect(linesFor('request-in-the-outage')).toContainEqual(
    expect.objectContaining({
      level: 'warn',
      conversationId: id,
      message: expect.stringContaining('answered 503'),
    }),
  );
  proxy.up();
  await server.stop();
  await proxy.close();
});

it('never shows a secret', async () => {
  const secrets = {
    CHATLOG_TOKEN: 'a-token-of-ours',
    CHATLOG_ADMIN_TOKEN: 'a-token-of-admins',
    ANTHROPIC_API_KEY: 'sk-ant-not-a-real-one',
    CHATLOG_CHAIN_KEY: 'a-chain-key-of-at-least-32-characters',
  };
  const server = await startServer({ role: 'api', env: { ...mode.env, ...secrets, LOG_LEVEL: 'debug' } });
  const api = new ApiClient(server.url, { authorization: `Bearer ${secrets.CHATLOG_TOKEN}` });
  for (const secret of Object.values(secrets)) {
    await api.get(`/api/conversations/${secret}`);
    await api.get('/api/conversations', { authorization: `Bearer ${secret}` });
  }
  await until(() => linesOf(server).filter(({ message }) => message.includes('GET /api/')).length >= 8);
  await server.stop();
  for (const secret of Object.values(secrets)) expect(server.output()).not.toContain(secret);
});
