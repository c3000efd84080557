import { ConformanceServer } from '../support/conformance-server.js';
import { readStream, type SseFrame } from '../support/sse-client.js';

/** docs/protocol.md, section 9. */
jest.setTimeout(60_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start();
});

afterAll(() => chat?.stop());

const terminal = ['TurnCompleted', 'TurnFailed', 'TurnCancelled', 'TurnInterrupted'];
const typesOf = (frames: SseFrame[]) =>
  frames.filter(({ id }) => id !== null).map(({ event }) => event ?? '');

it('9.1 accepts a turn, which runs though nobody listens, and says where to read on', async () => {
  const id = await chat.conversation();
  const { status, json, headers } = await chat.api.post(`/api/conversations/${id}/turns`, {
    prompt: 'hello',
  });
  expect(status).toBe(202);
  expect(json).toEqual({
    turnId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    seq: expect.any(Number),
    streamUrl: `/api/conversations/${id}/stream?after=${json.seq}`,
  });
  expect(headers.location).toBe(json.streamUrl);
  const { frames } = await readStream(
    chat.api,
    { path: json.streamUrl },
    ({ event }) => event === 'TurnCompleted',
  );
  expect(typesOf(frames)[0]).toBe('TurnStarted');
  const messages = (await chat.api.get(`/api/conversations/${id}/messages`)).json;
  expect(
    messages.map(({ id: each, role, content }: Record<string, string>) => [
      role === 'user' ? each : role,
      content,
    ]),
  ).toEqual([
    [json.messageId, 'hello'],
    ['assistant', 'You said: hello'],
  ]);
});

it('9.2 answers with the turn itself where that is asked for', async () => {
  const id = await chat.conversation({ title: 'named' });
  const frames = await chat.turn(id, 'clock');
  expect(frames[0]?.event).toBe('stream_open');
  const types = typesOf(frames).filter((type) => type !== 'StreamDeltaReceived');
  expect(types).toEqual([
    'MessagePosted',
    'TurnRequested',
    'TurnStarted',
    'ModelRequested',
    'AssistantMessageStarted',
    'AssistantMessageCompleted',
    'ToolCallStarted',
    'ToolCallSucceeded',
    'ModelRequested',
    'AssistantMessageStarted',
    'AssistantMessageCompleted',
    'TurnCompleted',
  ]);
});

it('9.2 gives a repeat by key the same turn again', async () => {
  const id = await chat.conversation();
  const request = {
    method: 'POST',
    path: `/api/conversations/${id}/turns`,
    body: { prompt: 'hello' },
    headers: { accept: 'text/event-stream', 'idempotency-key': `turn-${id}` },
  };
  const both = [
    await readStream(chat.api, request, () => false),
    await readStream(chat.api, request, () => false),
  ];
  const [first, repeat] = both.map(({ frames }) =>
    frames.filter((frame) => frame.id !== null).map(({ raw }) => raw),
  );
  expect(repeat).toEqual(first);
});

it('9.3 ends each turn once', async () => {
  const id = await chat.conversation();
  await chat.turn(id, 'one');
  const { turnId } = (await chat.api.post(`/api/conversations/${id}/turns`, { prompt: 'hang' })).json;
  await chat.api.post(`/api/turns/${turnId}/cancel`);
  await chat.turn(id, 'two');
  const { json } = await chat.api.get(
    `/api/conversations/${id}/events?limit=1000&types=TurnRequested,${terminal.join(',')}`,
  );
  expect(json.map(({ type }: { type: string }) => type)).toEqual([
    'TurnRequested',
    'TurnCompleted',
    'TurnRequested',
    'TurnCancelled',
    'TurnRequested',
    'TurnCompleted',
  ]);
});

it('9.4 9.5 refuses a second turn until the first is stopped, and a second stop', async () => {
  const id = await chat.conversation();
  const { turnId } = (await chat.api.post(`/api/conversations/${id}/turns`, { prompt: 'slow' })).json;
  const posts = [
    await chat.api.post(`/api/conversations/${id}/turns`, { prompt: 'more' }),
    await chat.api.post(`/api/conversations/${id}/messages`, { role: 'user', content: 'more' }),
  ];
  for (const { status, json } of posts) {
    expect([status, json.code, json.turnId]).toEqual([409, 'turn_in_progress', turnId]);
  }
  const following = readStream(chat.api, { path: `/api/conversations/${id}/stream` }, ({ event }) =>
    terminal.includes(event ?? ''),
  );
  const stopped = await chat.api.post(`/api/turns/${turnId}/cancel`);
  expect([stopped.status, stopped.json]).toEqual([
    200,
    { turnId, conversationId: id, status: 'cancelled', seq: expect.any(Number) },
  ]);
  const { frames } = await following;
  expect(frames.at(-1)).toMatchObject({ event: 'TurnCancelled', id: String(stopped.json.seq) });
  const again = await chat.api.post(`/api/turns/${turnId}/cancel`);
  expect([again.status, again.json.code]).toEqual([409, 'turn_finished']);
  expect((await chat.api.get(`/api/conversations/${id}`)).json.turn).toBeUndefined();
  expect(typesOf(await chat.turn(id, 'on we go')).at(-1)).toBe('TurnCompleted');
});

it('9.6 refuses blank and endless prompts, and takes blank chunks', async () => {
  const id = await chat.conversation();
  const turns = `/api/conversations/${id}/turns`;
  expect((await chat.api.post(turns, { prompt: ' \n' })).json.code).toBe('blank');
  expect((await chat.api.post(turns, { prompt: 'x'.repeat(200_001) })).json.code).toBe('too_long');
  const row = { role: 'assistant', content: '', streamingStatus: 'pending' };
  const { json } = await chat.api.post(`/api/conversations/${id}/messages`, row);
  const grown = await chat.api.post(`/api/messages/${json.id}/stream`, { chunk: '  ' });
  expect([grown.status, grown.json.content, grown.json.streamingStatus]).toEqual([200, '  ', 'streaming']);
});

it('9.1 regenerates an answer as a sibling', async () => {
  const id = await chat.conversation();
  await chat.turn(id, 'hello');
  const answer = (await chat.api.get(`/api/conversations/${id}/messages`)).json[1];
  const path = `/api/messages/${answer.id}/regenerate`;
  const headers = { accept: 'text/event-stream' };
  const { frames } = await readStream(chat.api, { method: 'POST', path, headers }, () => false);
  expect(typesOf(frames).at(-1)).toBe('TurnCompleted');
  const { json } = await chat.api.get(`/api/conversations/${id}/messages`);
  expect(json.map(({ siblings }: { siblings: object }) => siblings)).toEqual([
    { index: 0, count: 1 },
    { index: 1, count: 2 },
  ]);
  const back = await chat.api.post(`/api/conversations/${id}/branch`, { leafId: answer.id });
  expect(back.json.leafId).toBe(answer.id);
  expect((await chat.api.get(`/api/conversations/${id}/messages`)).json[1].id).toBe(answer.id);
});
