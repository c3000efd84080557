import { ConformanceServer } from '../support/conformance-server.js';
import { kindsOf, LolApp, seenByApp, type AppFrame } from '../support/lol-app.js';
import { lolScript } from '../support/lol-script.js';
import { startServer } from '../support/server.js';

/** docs/protocol.md, section 16: what the LOL app is told when something goes wrong. */
jest.setTimeout(60_000);

let chat: ConformanceServer;
let app: LolApp;

beforeAll(async () => {
  chat = await ConformanceServer.start({ CHATLOG_PING_MS: '100' }, lolScript);
  app = new LolApp(chat.server.url);
});

afterAll(() => chat?.stop());

const told = (frames: AppFrame[]) => frames.filter(({ event }) => event !== 'heartbeat');
const count = async () => (await app.call('GET', '/api/conversations?limit=1000')).json.length;

describe('16.8 a failure after the start', () => {
  it('comes as a message, then as an error event, and ends the answer', async () => {
    const frames = await app.iterate({ prompt: 'refuse' });
    expect(kindsOf(frames)).toEqual(expect.arrayContaining(['userMessage', 'error']));
    const [told, event] = frames.slice(-2);
    expect(told!.event).toBe('message');
    expect(told!.data).toMatchObject({ type: 'error', data: { error: expect.stringMatching(/./) } });
    const { conversationId } = told!.data;
    expect(event).toMatchObject({
      event: 'error',
      data: { error: told!.data.data.error, conversationId, messageId: expect.any(String) },
    });
    expect(kindsOf(frames)).not.toContain('complete');
    expect(kindsOf(frames)).not.toContain('done');
    const { json } = await app.call('GET', `/api/conversations/${conversationId}/messages`);
    expect(json[0]).toMatchObject({ role: 'user', content: 'refuse' });
  });

  it('keeps what was said and written, and never completes', async () => {
    const frames = await app.iterate({ prompt: 'break' });
    expect(kindsOf(frames)).toEqual([
      'userMessage',
      'assistantMessage',
      'assistant',
      'tool_use',
      'tool_result',
      'assistant',
      'project',
      'error',
      'error',
    ]);
    const seen = seenByApp(frames);
    const half = seen.findLast(({ data }) => data.type === 'assistant')!.data;
    expect(half).toMatchObject({ data: { content: 'And now for some' }, streamingStatus: 'error' });
    const { project } = seen.at(-2)!.data;
    expect(Object.keys(project.files)).toEqual(['index.html']);
    expect((await app.call('GET', `/api/projects/${project.id}`)).json.files).toEqual(project.files);
    const { json } = await app.call('GET', `/api/conversations/${half.conversationId}/messages`);
    expect(json.at(-1)).toMatchObject({ id: half.id, content: 'And now for some', streamingStatus: 'error' });
    expect(frames.at(-1)!.data.messageId).toBe(half.id);
  });
});

it.each([
  [{}, 'prompt'],
  [{ prompt: '' }, 'prompt'],
  [{ prompt: '  ' }, 'prompt'],
  [{ prompt: 'x'.repeat(5_001) }, 'prompt'],
  [{ prompt: 'x', projectId: 7 }, 'projectId'],
  [{ prompt: 'x', conversationId: 7 }, 'conversationId'],
])('16.3 refuses %j before the stream, and leaves nothing behind', async (body, field) => {
  const before = await count();
  const { status, json } = await app.call('POST', '/api/iterate/claude/stream', body);
  expect([status, json.field]).toEqual([400, field]);
  expect(json).toMatchObject({ error: expect.stringMatching(/./), message: expect.stringMatching(/./) });
  expect(await count()).toBe(before);
});

it('16.3 takes a prompt of 5,000 characters', async () => {
  const prompt = `${'x'.repeat(4_995)} chat`;
  expect(kindsOf(await app.iterate({ prompt })).at(-1)).toBe('done');
});

it('16.3 refuses a conversation that was deleted, or that a turn runs in', async () => {
  const conversationId = (await app.call('POST', '/api/conversations', {})).json.id;
  await chat.api.post(`/api/conversations/${conversationId}/turns`, { prompt: 'hang' });
  const path = '/api/iterate/claude/stream';
  const busy = await app.call('POST', path, { prompt: 'chat', conversationId });
  expect([busy.status, busy.json.code]).toEqual([409, 'turn_in_progress']);
  await app.call('POST', `/api/turns/${busy.json.turnId}/cancel`);
  await app.call('DELETE', `/api/conversations/${conversationId}`);
  const gone = await app.call('POST', path, { prompt: 'chat', conversationId });
  expect([gone.status, gone.json.code]).toEqual([404, 'conversation_trashed']);
});

it('16.9 runs on when the connection is closed', async () => {
  const away = new AbortController();
  let first: AppFrame | undefined;
  const reading = async () => {
    for await (const frame of app.stream({ prompt: 'build' }, { signal: away.signal })) {
      first ??= frame.data.conversationId ? frame : undefined;
      if (first) away.abort();
    }
  };
  await expect(reading()).rejects.toThrow(/abort/i);
  const { conversationId } = first!.data;
  const frames = await chat.api.send({
    path: `/api/conversations/${conversationId}/events?limit=1000&types=TurnRequested,TurnCompleted`,
  });
  expect(frames.status).toBe(200);
  for (let ended = false; !ended;) {
    const { turn, projectId } = (await app.call('GET', `/api/conversations/${conversationId}`)).json;
    ended = turn === undefined && projectId !== undefined;
  }
  const { json } = await app.call('GET', `/api/conversations/${conversationId}/messages`);
  expect(json.at(-1)).toMatchObject({ role: 'assistant', content: 'Done.', streamingStatus: 'complete' });
});

it('16.9 gives a repeat by key the same turn', async () => {
  const before = await count();
  const key = { 'idempotency-key': 'lol-repeat' };
  const [first, second] = [
    await app.iterate({ prompt: 'build' }, key),
    await app.iterate({ prompt: 'build' }, key),
  ];
  expect(told(second)).toEqual(told(first));
  expect(await count()).toBe(before + 1);
  const other = await app.call('POST', '/api/iterate/claude/stream', { prompt: 'look' }, key);
  expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
});

it('16.8 says so when this server stops, while the turn runs on', async () => {
  const other = await startServer({ role: 'api', env: chat.mode.env });
  const frames: AppFrame[] = [];
  let stopped: Promise<number | null> | undefined;
  for await (const frame of new LolApp(other.url).stream({ prompt: 'stall' })) {
    frames.push(frame);
    if (frame.data.data?.content === 'One file.') stopped ??= other.stop();
  }
  expect(await stopped).toBe(0);
  expect(kindsOf(frames).slice(-2)).toEqual(['error', 'error']);
  expect(frames.at(-2)!.data.data.error).toMatch(/stopping/);
  const { conversationId } = frames.at(-1)!.data;
  const { turn } = (await app.call('GET', `/api/conversations/${conversationId}`)).json;
  expect(turn.status).toBe('running');
  expect((await app.call('POST', `/api/turns/${turn.id}/cancel`)).status).toBe(200);
});
