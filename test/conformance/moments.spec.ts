import type { IncomingHttpHeaders } from 'node:http';
import { ConformanceServer } from '../support/conformance-server.js';

/** docs/protocol.md, clause 5.8 and section 18. */
jest.setTimeout(60_000);

let chat: ConformanceServer;
let id: string;
let head: number;

beforeAll(async () => {
  chat = await ConformanceServer.start();
  id = await chat.conversation({ title: 'Then' });
  await chat.turn(id, 'clock');
  for (const prompt of ['one', 'two', 'three']) await chat.turn(id, prompt);
  head = (await chat.api.get(`/api/conversations/${id}`)).json.seq;
});

afterAll(() => chat?.stop());

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
const html = (content: string) => ({ title: 'Page', files: { 'index.html': { content, type: 'html' } } });
const state = async (query: string) => (await chat.api.get(`/api/conversations/${id}/state?${query}`)).json;

function link(headers: IncomingHttpHeaders, rel: 'next' | 'prev'): string | undefined {
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec([headers.link].join())?.[1];
}

it('5.8 ends a page after about 8 MiB, and goes on right there', async () => {
  const large = await chat.conversation({ title: 'Large' });
  const content = 'x'.repeat(1_000_000);
  for (let i = 0; i < 12; i += 1)
    await chat.api.post(`/api/conversations/${large}/messages`, {
      role: 'assistant',
      content: `${i} ${content}`,
    });
  for (const [path, rel] of [
    ['messages?limit=1000', 'next'],
    ['events?limit=1000', 'next'],
    ['events?limit=1000&before=14', 'prev'],
    ['state?limit=1000', 'prev'],
  ] as const) {
    const pages: number[][] = [];
    for (let next: string | undefined = `/api/conversations/${large}/${path}`; next;) {
      const { json, text, headers, status } = await chat.api.get(next);
      expect([status, text.length < 9 * 1024 * 1024]).toEqual([200, true]);
      pages.push((json.messages ?? json).map(({ seq }: { seq: number }) => seq));
      next = link(headers, rel);
    }
    const seqs = (rel === 'next' ? pages : pages.toReversed()).flat();
    const first = path.startsWith('events') ? 1 : 2;
    expect([path, seqs]).toEqual([path, Array.from({ length: 14 - first }, (_, i) => i + first)]);
    expect([2, 3]).toContain(pages.length);
  }
  const counted = await chat.api.get(`/api/conversations/${large}/messages?limit=50&offset=0`);
  expect(counted.json).toHaveLength(12);
  expect((await chat.api.get(`/api/conversations/${large}`)).json.messages).toHaveLength(12);
});

it('18.1 takes a seq or a time', async () => {
  const events = (await chat.api.get(`/api/conversations/${id}/events?limit=1000`)).json;
  for (const { at } of [events[0], events[7], events.at(-1)]) {
    const last = events.filter((event: { at: string }) => event.at <= at).at(-1).seq;
    expect((await state(`at=${at}`)).seq).toBe(last);
    const shifted = `${new Date(Date.parse(at) + 3_600_000).toISOString().slice(0, -1)}+01:00`;
    expect((await state(`at=${encodeURIComponent(shifted)}`)).seq).toBe(last);
    expect((await state(`at=${shifted}`)).seq).toBe(last);
  }
  expect((await state('at=2999-01-01T00:00:00Z')).seq).toBe(head);
  for (const path of ['state', 'timeline', 'export']) {
    const early = await chat.api.get(`/api/conversations/${id}/${path}?at=2001-01-01T00:00:00Z`);
    expect([early.status, early.json.code, early.json.field]).toEqual([404, 'not_found', 'at']);
    for (const at of ['yesterday', '2026-01-01', '2026-01-01T00:00:00', '1.5', '1&at=2']) {
      const bad = await chat.api.get(`/api/conversations/${id}/${path}?at=${at}`);
      expect([at, bad.status, bad.json.code, bad.json.field]).toEqual([at, 400, 'invalid_seq', 'at']);
    }
    const beyond = await chat.api.get(`/api/conversations/${id}/${path}?at=${head + 1}`);
    expect([beyond.status, beyond.json.code]).toEqual([409, 'stream_ahead']);
  }
});

it('18.2 shows the open calls, the half-written answer and the tokens of every moment', async () => {
  const events = (await chat.api.get(`/api/conversations/${id}/events?limit=1000`)).json;
  const open = new Map<string, string>();
  let text = '';
  let tokens = 0;
  for (const { seq, type, data } of events) {
    if (type === 'ToolCallStarted') open.set(data.toolUseId, data.toolName);
    if (type === 'ToolCallSucceeded') open.delete(data.toolUseId);
    if (type === 'AssistantMessageStarted') text = '';
    if (data.delta?.type === 'text_delta') text += data.delta.text;
    if (type === 'AssistantMessageCompleted') tokens += data.usage.output_tokens;
    const { openToolCalls, halfWritten, usage, messages } = await state(`at=${seq}`);
    expect(openToolCalls.map(({ toolName }: { toolName: string }) => toolName)).toEqual([...open.values()]);
    expect(usage.outputTokens).toBe(tokens);
    if (type === 'AssistantMessageStarted' || type === 'StreamDeltaReceived') {
      expect([seq, halfWritten.content]).toEqual([seq, text]);
      expect(messages.at(-1)).toEqual(halfWritten);
    } else expect([seq, halfWritten]).toEqual([seq, undefined]);
  }
  expect(tokens).toBeGreaterThan(0);
});

it('18.4 gives the last messages, and leads to those before, from any moment', async () => {
  const all = (await chat.api.get(`/api/conversations/${id}/messages?limit=1000`)).json;
  const found: unknown[] = [];
  for (let next: string | undefined = `/api/conversations/${id}/state?limit=3`; next;) {
    const { json, headers } = await chat.api.get(next);
    expect(json.messages.length).toBeLessThanOrEqual(3);
    found.unshift(...json.messages);
    next = link(headers, 'prev');
  }
  expect(found).toEqual(all);
  const { headers } = await chat.api.get(`/api/conversations/${id}/state?limit=2&at=${head - 1}`);
  const before = new URL(link(headers, 'prev')!, 'http://x').searchParams.get('before');
  expect((await state(`limit=1&before=${before}`)).messages).toEqual([all.at(-3)]);
  const foreign = await chat.api.get(`/api/conversations/${id}/messages?before=${before}`);
  expect([foreign.status, foreign.json.code]).toEqual([400, 'invalid_cursor']);
});

it('18.5 gives the track with its marks, their totals and how dense they are', async () => {
  const { status, json, headers } = await chat.api.get(`/api/conversations/${id}/timeline`);
  expect([status, json.seq]).toEqual([200, head]);
  const { marks, totals, density } = json;
  expect(totals).toEqual({ message: 9, tool: 1, version: 0, status: 9, fork: 0 });
  expect(marks.map(({ count }: { count: number }) => count)).toEqual(marks.map(() => 1));
  expect(marks).toHaveLength(sum(Object.values(totals)));
  expect(sum(density)).toBe(marks.length);
  expect(marks[0]).toMatchObject({ seq: 1, kind: 'status', label: 'started' });
  expect(marks.find(({ kind }: { kind: string }) => kind === 'tool')).toMatchObject({ label: 'Clock' });
  expect(marks.at(-1)).toMatchObject({ seq: head, kind: 'status', label: 'completed' });
  const again = await chat.api.get(`/api/conversations/${id}/timeline`, {
    'if-none-match': String(headers.etag),
  });
  expect(again.status).toBe(304);
  const early = (await chat.api.get(`/api/conversations/${id}/timeline?at=2`)).json;
  expect(early.marks).toEqual(marks.filter(({ seq }: { seq: number }) => seq <= 2));
});

it('18.3 gives the files that the conversation was at, whatever became of them since', async () => {
  const project = (await chat.api.post('/api/projects', html('<p>one</p>'))).json;
  const talk = await chat.conversation({ projectId: project.id });
  const at = async (query: string) => (await chat.api.get(`/api/conversations/${talk}/state?${query}`)).json;
  const first = (await at('at=1')).project;
  // the project was created, its file written, its version committed
  expect(first).toEqual({
    id: project.id,
    seq: 3,
    version: 1,
    files: { 'index.html': { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), size: 10, type: 'html' } },
  });
  const path = `/api/projects/${project.id}`;
  expect((await chat.api.send({ method: 'PUT', path, body: html('<p>eleven</p>') })).status).toBe(200);
  expect((await at('at=1')).project).toEqual(first);
  await chat.turn(talk, 'and now');
  const now = (await at('')).project;
  expect(now).toMatchObject({ id: project.id, version: 2, files: { 'index.html': { size: 13 } } });
  const { json: file } = await chat.api.get(`${path}/files?path=index.html&at=${now.seq}`);
  expect(file).toMatchObject({ seq: now.seq, content: '<p>eleven</p>', ...now.files['index.html'] });
  expect((await at('at=1')).project).toEqual(first);
  expect((await state('')).project).toBeUndefined();
});
