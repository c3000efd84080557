import { randomUUID } from 'node:crypto';
import { ConformanceServer } from '../support/conformance-server.js';

/** docs/protocol.md, sections 10 to 12. */
jest.setTimeout(60_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start();
});

afterAll(() => chat?.stop());

const command = (type: string, data: object, more = {}) => ({ commandId: randomUUID(), type, data, ...more });
const give = (body: unknown, headers?: Record<string, string>) =>
  chat.api.post('/api/commands', body, headers);

it('10.1 has the commandId as its key', async () => {
  const start = command('startConversation', { title: 'x' });
  const first = await give(start);
  expect([first.status, (await give(start)).text]).toEqual([200, first.text]);
  expect((await give([start])).json).toEqual([first.json]);
  const other = await give({ ...start, data: { title: 'y' } });
  expect(other).toMatchObject({ status: 422, json: { code: 'idempotency_key_reused', field: 'commandId' } });
  expect((await give(start, { 'idempotency-key': start.commandId })).text).toBe(first.text);
  for (const body of [start, [start]]) {
    const { status, json } = await give(body, { 'idempotency-key': 'another' });
    expect([status, json.code]).toEqual([400, 'idempotency_key_mismatch']);
  }
});

it('10.2 carries nothing out when one is malformed, and all others when one is refused', async () => {
  const id = await chat.conversation();
  const post = (content: string) => command('postMessage', { conversationId: id, role: 'user', content });
  const malformed = await give([post('a'), post(' ')]);
  expect([malformed.status, malformed.json.field]).toEqual([400, '1.data.content']);
  expect((await chat.api.get(`/api/conversations/${id}/messages`)).json).toEqual([]);

  const refused = command('removeMessage', { messageId: randomUUID() });
  const { status, json } = await give([post('a'), refused, post('b')]);
  expect(status).toBe(200);
  expect(json.map((outcome: { status: number }) => outcome.status)).toEqual([201, 404, 201]);
  expect(json[1]).toMatchObject({
    commandId: refused.commandId,
    problem: { code: 'not_found', status: 404 },
  });
  const messages = (await chat.api.get(`/api/conversations/${id}/messages`)).json;
  expect(messages.map(({ content }: { content: string }) => content)).toEqual(['a', 'b']);
});

it('10.3 names what each command made', async () => {
  const start = await give(command('startConversation', {}));
  const conversationId = start.json.conversationId;
  expect(start.json).toMatchObject({ status: 201, seqFrom: 1, seq: 1 });
  const posted = await give(command('postMessage', { conversationId, role: 'user', content: 'x' }));
  expect(posted.json).toMatchObject({ status: 201, conversationId, seqFrom: 2, seq: 2 });
  expect(
    (await chat.api.get(`/api/conversations/${conversationId}/messages/${posted.json.messageId}`)).status,
  ).toBe(200);
  const turn = await give(command('requestTurn', { conversationId, prompt: 'hang' }));
  expect(turn.json).toMatchObject({ status: 202, turnId: expect.any(String), messageId: expect.any(String) });
  const { turnId } = turn.json;
  expect((await give(command('cancelTurn', { turnId }))).json).toMatchObject({ status: 200, turnId });
  const rename = { conversationId, title: 'same' };
  await give(command('renameConversation', rename));
  expect((await give(command('renameConversation', rename))).json).toMatchObject({
    status: 200,
    seqFrom: null,
  });
  const alone = await give(command('cancelTurn', { turnId }));
  expect([alone.status, alone.json.code]).toEqual([409, 'turn_finished']);
});

it('10.1 takes every kind of command', async () => {
  const conversationId = await chat.conversation();
  const row = { conversationId, role: 'assistant', content: '', streamingStatus: 'pending' };
  const { messageId } = (await give(command('postMessage', row))).json;
  const { json } = await give([
    command('appendChunk', { messageId, chunk: 'a' }),
    command('completeMessage', { messageId }),
    command('editMessage', { messageId, content: 'b' }),
    command('selectBranch', { conversationId, leafId: messageId }),
    command('archiveConversation', { conversationId }),
    command('unarchiveConversation', { conversationId }),
    command('trashConversation', { conversationId }),
    command('restoreConversation', { conversationId }),
    command('requestTurn', { conversationId, prompt: 'hello' }),
  ]);
  expect(json.map(({ status }: { status: number }) => status)).toEqual([
    200, 200, 200, 200, 200, 200, 204, 200, 202,
  ]);
  const { turnId } = json.at(-1);
  await give(command('cancelTurn', { turnId }));
  const regenerated = await give(command('regenerate', { messageId: json.at(-1).messageId }));
  expect(regenerated.json.status).toBe(202);
  await give(command('cancelTurn', { turnId: regenerated.json.turnId }));
  expect((await give(command('removeMessage', { messageId }))).json.status).toBe(204);
});

it('10.4 refuses a command at another head than expected', async () => {
  const conversationId = await chat.conversation();
  const rename = (title: string, expectedSeq: number) =>
    give(command('renameConversation', { conversationId, title }, { expectedSeq }));
  expect((await rename('a', 1)).status).toBe(200);
  const late = await rename('b', 1);
  expect([late.status, late.json.code]).toEqual([409, 'wrong_expected_seq']);
  expect((await chat.api.get(`/api/conversations/${conversationId}`)).json.title).toBe('a');
});

describe('the log', () => {
  it('11.1 pages and narrows events', async () => {
    const id = await chat.conversation();
    await chat.turn(id, 'hello');
    const get = async (query: string) =>
      (await chat.api.get(`/api/conversations/${id}/events?${query}`)).json;
    const all = await get('limit=1000');
    expect(await get('after=2&before=5')).toEqual(all.slice(2, 4));
    expect(await get('before=5&limit=2')).toEqual(all.slice(2, 4));
    expect(await get(`before=${all.length + 1}&limit=1`)).toEqual(all.slice(-1));
    const types = ['TurnRequested', 'TurnCompleted'];
    const narrowed = await get(`types=${types.join(',')}`);
    expect(narrowed).toEqual(all.filter(({ type }: { type: string }) => types.includes(type)));
    expect(narrowed).toHaveLength(2);
  });

  it('11.2 gives lines where they are asked for', async () => {
    const id = await chat.conversation();
    await chat.turn(id, 'hello');
    const path = `/api/conversations/${id}/events?limit=1000`;
    const lines = await chat.api.get(path, { accept: 'application/x-ndjson' });
    expect(lines.headers['content-type']).toMatch(/^application\/x-ndjson/);
    const events = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toEqual((await chat.api.get(path)).json);
  });

  it('11.3 shows every past state, the same at every later time', async () => {
    const id = await chat.conversation();
    await chat.turn(id, 'clock');
    const head = (await chat.api.get(`/api/conversations/${id}`)).json.seq;
    const state = async (at: number) => (await chat.api.get(`/api/conversations/${id}/state?at=${at}`)).json;
    const past = await Promise.all(Array.from({ length: head }, (_, i) => state(i + 1)));
    await chat.turn(id, 'and then');
    for (const [i, before] of past.entries()) expect(await state(i + 1)).toEqual(before);
    expect(past.map(({ seq }) => seq)).toEqual(past.map((_, i) => i + 1));
    expect(past[0].messages).toEqual([]);
    const newest = (await chat.api.get(`/api/conversations/${id}/state`)).json;
    expect(newest.messages).toEqual((await chat.api.get(`/api/conversations/${id}/messages`)).json);
    expect(newest.turn.status).toBe('completed');
    const texts = past.map(
      ({ messages }) => messages.find(({ role }: { role: string }) => role === 'assistant')?.content ?? '',
    );
    for (const [i, text] of texts.entries()) expect(text.startsWith(texts[i - 1] ?? '')).toBe(true);
    expect(texts.at(-1)).toBe('Let me look.');
  });
});

describe('the service', () => {
  it('12.1 tells that it lives and is ready', async () => {
    const health = await chat.api.get('/api/health');
    expect([health.status, health.json]).toEqual([
      200,
      { status: 'ok', timestamp: expect.stringMatching(/Z$/) },
    ]);
    expect((await chat.api.get('/health/live')).json).toEqual({ status: 'ok' });
    expect((await chat.api.get('/health/ready')).json).toMatchObject({ status: 'ready' });
  });

  it('12.2 describes itself, for tools and for people, from itself alone', async () => {
    const { json } = await chat.api.get('/openapi.json');
    expect(json.openapi).toMatch(/^3\./);
    const page = await chat.api.get('/docs');
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const urls = [...page.text.matchAll(/(?:src|href|url)[=:] ?["']([^"']+)/g)].map(([, url]) => url!);
    expect(urls.length).toBeGreaterThan(2);
    for (const url of urls) expect([url, (await chat.api.get(url)).status]).toEqual([url, 200]);
  });
});
