import { randomUUID } from 'node:crypto';
import { ConformanceServer } from '../support/conformance-server.js';
import { LolApp, type AppAnswer } from '../support/lol-app.js';
import { lolScript } from '../support/lol-script.js';

/** docs/protocol.md, section 16: every row of the LOL app's table of conversations and messages. */
jest.setTimeout(60_000);

let chat: ConformanceServer;
let app: LolApp;

beforeAll(async () => {
  chat = await ConformanceServer.start({}, lolScript);
  app = new LolApp(chat.server.url);
});

afterAll(() => chat?.stop());

const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

async function newProject(): Promise<string> {
  return (await app.call('POST', '/api/projects/', { title: 'P', files: {} })).json.id;
}

async function newConversation(body: object = {}): Promise<string> {
  const { status, json } = await app.call('POST', '/api/conversations', body);
  expect(status).toBe(201);
  return json.id;
}

async function post(conversationId: string, body: object): Promise<AppAnswer['json']> {
  const { status, json } = await app.call('POST', `/api/conversations/${conversationId}/messages`, body);
  expect([status, json.message]).toEqual([201, undefined]);
  return json;
}

it('16.1 starts a conversation of a project, titled with the prompt', async () => {
  const projectId = await newProject();
  const title = 'x'.repeat(100);
  const { status, json } = await app.call('POST', '/api/conversations', { projectId, title });
  expect(status).toBe(201);
  expect(json).toMatchObject({ id: uuid, projectId, title, createdAt: time, updatedAt: time });
});

it('16.1 lists the conversations of a project, newest created first', async () => {
  const projectId = await newProject();
  const ids = [await newConversation({ projectId }), await newConversation({ projectId })];
  await newConversation();
  await app.call('PATCH', `/api/conversations/${ids[0]}`, { title: 'touched later' });
  const { status, json } = await app.call('GET', `/api/conversations?projectId=${projectId}`);
  expect(status).toBe(200);
  expect(json.map(({ id }: { id: string }) => id)).toEqual(ids.toReversed());
});

it('16.1 gives a conversation with its first 100 messages', async () => {
  const id = await newConversation({ title: 'Long' });
  for (let i = 0; i < 101; i += 1) await post(id, { role: 'user', content: `m${i}` });
  const { status, json } = await app.call('GET', `/api/conversations/${id}`);
  expect(status).toBe(200);
  expect(json).toMatchObject({ id, title: 'Long', createdAt: time, updatedAt: time });
  expect(json.messages.map(({ content }: { content: string }) => content)).toEqual(
    Array.from({ length: 100 }, (_, i) => `m${i}`),
  );
});

it('16.1 names a conversation, and deletes it with a content type and no body', async () => {
  const id = await newConversation();
  const named = await app.call('PATCH', `/api/conversations/${id}`, { title: 'Named' });
  expect([named.status, named.json.title]).toEqual([200, 'Named']);
  const deleted = await app.call('DELETE', `/api/conversations/${id}`);
  expect([deleted.status, deleted.json]).toEqual([204, undefined]);
  expect((await app.call('GET', `/api/conversations/${id}`)).status).toBe(404);
  expect((await app.call('GET', `/api/conversations/${id}/messages`)).status).toBe(404);
});

it('16.1 pages messages by offset until a page is short, oldest first', async () => {
  const id = await newConversation();
  for (let i = 0; i < 100; i += 1) await post(id, { role: i % 2 ? 'assistant' : 'user', content: `m${i}` });
  const seen: string[] = [];
  for (let full = true; full;) {
    const path = `/api/conversations/${id}/messages?limit=50&offset=${seen.length}`;
    const { status, json } = await app.call('GET', path);
    expect(status).toBe(200);
    seen.push(...json.map(({ content }: { content: string }) => content));
    full = json.length === 50;
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => `m${i}`));
  const whole = await app.call('GET', `/api/conversations/${id}/messages`);
  expect(whole.json).toHaveLength(100);
  expect((await app.call('GET', `/api/conversations/${id}/messages?limit=1000`)).status).toBe(200);
  expect((await app.call('GET', `/api/conversations/${id}/messages?limit=1001`)).status).toBe(400);
});

it('16.1 takes messages of every role, with all their fields', async () => {
  const projectId = await newProject();
  const id = await newConversation({ projectId });
  const plain = await post(id, { role: 'user', content: 'Hi' });
  expect(plain).toMatchObject({
    id: uuid,
    conversationId: id,
    role: 'user',
    content: 'Hi',
    streamingStatus: 'complete',
    createdAt: time,
    updatedAt: time,
  });
  const fields = {
    role: 'tool',
    content: '{}',
    projectId,
    toolName: 'Write',
    toolCall: { file_path: 'a', content: '' },
    toolResult: ['any', { json: null }],
    streamingStatus: 'error',
    metadata: { views: 1 },
  };
  expect(await post(id, fields)).toMatchObject(fields);
  const pending = { role: 'assistant', content: '', streamingStatus: 'pending' };
  expect(await post(id, pending)).toMatchObject(pending);
  expect(await post(id, { role: 'system', content: '' })).toMatchObject({ role: 'system' });
  const { json } = await app.call('GET', `/api/conversations/${id}/messages`);
  expect(json.map(({ role }: { role: string }) => role)).toEqual(['user', 'tool', 'assistant', 'system']);
});

it('16.1 revises a message; metadata replaces', async () => {
  const id = await newConversation();
  const row = await post(id, { role: 'tool', content: 'x', metadata: { a: 1 } });
  const change = { content: 'y', streamingStatus: 'error', toolResult: 'z', metadata: { b: 2 } };
  const { status, json } = await app.call('PATCH', `/api/messages/${row.id}`, change);
  expect(status).toBe(200);
  expect(json).toMatchObject({ ...row, ...change, updatedAt: time });
  expect(json.metadata).toEqual({ b: 2 });
});

it('16.1 streams chunks into a message, white space too, and completes it', async () => {
  const id = await newConversation();
  const row = await post(id, { role: 'assistant', content: '', streamingStatus: 'pending' });
  for (const [chunk, content] of [
    ['Hel', 'Hel'],
    ['lo', 'Hello'],
    [' \n', 'Hello \n'],
  ]) {
    const { status, json } = await app.call('POST', `/api/messages/${row.id}/stream`, { chunk });
    expect([status, json.content, json.streamingStatus]).toEqual([200, content, 'streaming']);
  }
  const complete = await app.call('POST', `/api/messages/${row.id}/complete`, {});
  expect([complete.status, complete.json.content, complete.json.streamingStatus]).toEqual([
    200,
    'Hello \n',
    'complete',
  ]);
  const other = await post(id, { role: 'assistant', content: '', streamingStatus: 'pending' });
  const given = await app.call('POST', `/api/messages/${other.id}/complete`, { content: 'All of it' });
  expect([given.status, given.json.content]).toEqual([200, 'All of it']);
});

describe('what is absent', () => {
  const absent = randomUUID();
  it.each([
    ['GET', `/api/conversations/${absent}`, undefined],
    ['PATCH', `/api/conversations/${absent}`, { title: 'x' }],
    ['DELETE', `/api/conversations/${absent}`, undefined],
    ['GET', `/api/conversations/${absent}/messages`, undefined],
    ['POST', `/api/conversations/${absent}/messages`, { role: 'user', content: 'x' }],
    ['PATCH', `/api/messages/${absent}`, { content: 'x' }],
    ['POST', `/api/messages/${absent}/stream`, { chunk: 'x' }],
    ['POST', `/api/messages/${absent}/complete`, {}],
    ['GET', `/api/projects/${absent}`, undefined],
    ['GET', '/api/projects/default', undefined],
    ['PUT', `/api/projects/${absent}`, { title: 'x' }],
    ['POST', '/api/iterate/claude', { projectId: absent, prompt: 'x' }],
    ['POST', '/api/iterate/claude/stream', { projectId: absent, prompt: 'x' }],
    ['POST', '/api/iterate/claude/stream', { conversationId: absent, prompt: 'x' }],
    ['POST', '/api/iterate/claude/stream', { projectId: 'default', prompt: 'x' }],
  ])('16.2 is 404 with error and message: %s %s', async (method, path, body) => {
    const { status, json } = await app.call(method, path, body);
    expect(status).toBe(404);
    expect(json).toMatchObject({ error: expect.stringMatching(/./), message: expect.stringMatching(/./) });
  });
});
