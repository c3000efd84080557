import { randomUUID } from 'node:crypto';
import type { ApiAnswer } from '../support/api-client.js';
import { ConformanceServer } from '../support/conformance-server.js';
import { ApiClient } from '../support/api-client.js';
import { startServer } from '../support/server.js';

/** docs/protocol.md, section 4. */
jest.setTimeout(90_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start();
});

afterAll(() => chat?.stop());

const key = () => ({ 'idempotency-key': randomUUID() });
const times = (count: number, send: () => Promise<ApiAnswer>) =>
  Promise.all(Array.from({ length: count }, send));
const bodiesOf = (answers: ApiAnswer[]) => [
  ...new Set(answers.map(({ status, text }) => `${status} ${text}`)),
];

it('4.1 gives every repeat the first answer, at once and later, in any process', async () => {
  const second = await startServer({ role: 'api', env: chat.mode.env });
  try {
    const other = new ApiClient(second.url);
    const headers = key();
    const send = (api: ApiClient) => api.post('/api/conversations', { title: 'once' }, headers);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => send(i % 2 ? other : chat.api)));
    answers.push(await send(chat.api), await send(other));
    expect(bodiesOf(answers)).toHaveLength(1);
    expect(answers[0]?.status).toBe(201);
    const { json } = await chat.api.get('/api/conversations?limit=1000');
    expect(json.filter(({ title }: { title: string }) => title === 'once')).toHaveLength(1);
  } finally {
    await second.stop();
  }
});

it('4.1 holds for every kind of POST', async () => {
  const id = await chat.conversation();
  const message = (
    await chat.api.post(`/api/conversations/${id}/messages`, {
      role: 'assistant',
      content: '',
      streamingStatus: 'pending',
    })
  ).json.id;
  const posts: [path: string, body?: unknown][] = [
    [`/api/conversations/${id}/messages`, { role: 'user', content: 'hello' }],
    [`/api/messages/${message}/stream`, { chunk: 'a' }],
    [`/api/messages/${message}/complete`],
    [`/api/conversations/${id}/branch`, { leafId: message }],
    [`/api/conversations/${id}/turns`, { prompt: 'hang' }],
  ];
  for (const [path, body] of posts) {
    const headers = key();
    const answers = await times(5, () => chat.api.post(path, body, headers));
    expect([path, bodiesOf(answers).length, answers[0]!.status < 300]).toEqual([path, 1, true]);
    if (!path.endsWith('/turns')) continue;
    const cancel = `/api/turns/${answers[0]!.json.turnId}/cancel`;
    const stop = key();
    const stopped = await times(5, () => chat.api.post(cancel, undefined, stop));
    expect([bodiesOf(stopped).length, stopped[0]!.status]).toEqual([1, 200]);
  }
  const { json } = await chat.api.get(
    `/api/conversations/${id}/events?types=MessageChunkAppended,TurnRequested,TurnCancelled`,
  );
  expect(json.map(({ type }: { type: string }) => type)).toEqual([
    'MessageChunkAppended',
    'TurnRequested',
    'TurnCancelled',
  ]);
});

it('4.1 refuses a key that is none', async () => {
  for (const bad of ['a b', 'x'.repeat(256), '']) {
    const { status, json } = await chat.api.post('/api/conversations', {}, { 'idempotency-key': bad });
    expect([bad, status, json.code]).toEqual([bad, 400, 'invalid_idempotency_key']);
  }
});

it('4.2 refuses a key with another path or body', async () => {
  const headers = key();
  const { json } = await chat.api.post('/api/conversations', { title: 'a' }, headers);
  const others = [
    await chat.api.post('/api/conversations', { title: 'b' }, headers),
    await chat.api.post(`/api/conversations/${json.id}/restore`, undefined, headers),
    await chat.api.send({ method: 'POST', path: '/api/conversations', body: '{ "title": "a" }', headers }),
  ];
  for (const other of others)
    expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
  expect((await chat.api.post('//api/conversations/', { title: 'a' }, headers)).json.id).toBe(json.id);
});

it('4.2 refuses another change of a conversation under the key of one', async () => {
  const path = `/api/conversations/${await chat.conversation({ title: 'a' })}`;
  const changes = [{ archived: true }, { title: 'b' }, { title: 'b', archived: false }];
  for (const first of changes) {
    const headers = key();
    expect((await chat.api.patch(path, first, headers)).status).toBe(200);
    for (const other of changes.filter((change) => change !== first)) {
      const { status, json } = await chat.api.patch(path, other, headers);
      expect([status, json.code]).toEqual([422, 'idempotency_key_reused']);
    }
  }
});

it('4.3 decides a repeat of a refused request anew', async () => {
  const id = await chat.conversation();
  const headers = key();
  const post = () =>
    chat.api.post(`/api/conversations/${id}/messages`, { role: 'user', content: 'x' }, headers);
  await chat.api.delete(`/api/conversations/${id}`);
  expect((await post()).status).toBe(409);
  await chat.api.post(`/api/conversations/${id}/restore`);
  expect((await post()).status).toBe(201);
});

it('4.4 shows in a repeat what the first answer showed, whatever came after', async () => {
  const headers = key();
  const first = await chat.api.post('/api/conversations', { title: 'then' }, headers);
  await chat.api.patch(`/api/conversations/${first.json.id}`, { title: 'now' });
  const messageKey = key();
  const messages = `/api/conversations/${first.json.id}/messages`;
  const message = await chat.api.post(messages, { role: 'user', content: 'then' }, messageKey);
  await chat.api.patch(`/api/messages/${message.json.id}`, { content: 'now' });
  await chat.api.delete(`/api/messages/${message.json.id}`);
  await chat.api.delete(`/api/conversations/${first.json.id}`);
  expect((await chat.api.post('/api/conversations', { title: 'then' }, headers)).text).toBe(first.text);
  const repeat = await chat.api.post(messages, { role: 'user', content: 'then' }, messageKey);
  expect([repeat.status, repeat.text]).toEqual([201, message.text]);
});
