import type { IncomingHttpHeaders } from 'node:http';
import { ConformanceServer } from '../support/conformance-server.js';

/** docs/protocol.md, sections 5 and 6. */
jest.setTimeout(60_000);

let chat: ConformanceServer;
const ids: string[] = [];
let talk: string;

beforeAll(async () => {
  chat = await ConformanceServer.start();
  for (let i = 0; i < 25; i += 1) ids.unshift(await chat.conversation({ title: `c${i}` }));
  talk = ids[0]!;
  for (let i = 0; i < 25; i += 1) {
    await chat.api.post(`/api/conversations/${talk}/messages`, {
      role: i % 2 ? 'assistant' : 'user',
      content: `m${i}`,
    });
  }
});

afterAll(() => chat?.stop());

function link(headers: IncomingHttpHeaders, rel: 'next' | 'prev'): string | undefined {
  return new RegExp(`<([^>]+)>; rel="${rel}"`).exec([headers.link].join())?.[1];
}

/** All entries from a first page on, in the order of the list. */
async function walk(path: string, rel: 'next' | 'prev'): Promise<{ pages: string[][]; last: string }> {
  const pages: string[][] = [];
  let last = path;
  for (let next: string | undefined = path; next;) {
    last = next;
    const { headers, json } = await chat.api.get(next);
    pages.push(json.map((entry: { id?: string; seq: number }) => entry.id ?? entry.seq));
    next = link(headers, rel);
  }
  return { pages: rel === 'next' ? pages : pages.toReversed(), last };
}

it('5.1 is a JSON array of at most 1,000', async () => {
  const { json } = await chat.api.get('/api/conversations');
  expect(json).toHaveLength(25);
  expect((await chat.api.get('/api/conversations?limit=1000')).status).toBe(200);
  expect((await chat.api.get('/api/conversations?limit=1001')).json.code).toBe('invalid_limit');
});

it('5.2 5.5 leads through every page by links, forward and back', async () => {
  const forward = await walk('/api/conversations?limit=10', 'next');
  expect(forward.pages.map((page) => page.length)).toEqual([10, 10, 5]);
  expect(forward.pages.flat()).toEqual(ids);
  const back = await walk(forward.last, 'prev');
  expect(back.pages.flat()).toEqual(ids);

  const messages = await walk(`/api/conversations/${talk}/messages?limit=7`, 'next');
  expect(messages.pages.map((page) => page.length)).toEqual([7, 7, 7, 4]);
  expect((await walk(messages.last, 'prev')).pages.flat()).toEqual(messages.pages.flat());
  const { json } = await chat.api.get(`/api/conversations/${talk}/messages`);
  expect(json.map(({ content }: { content: string }) => content)).toEqual(
    Array.from({ length: 25 }, (_, i) => `m${i}`),
  );

  const events = await walk(`/api/conversations/${talk}/events?limit=10`, 'next');
  expect(events.pages.flat()).toEqual(Array.from({ length: 26 }, (_, i) => i + 1));
  expect((await walk(events.last, 'prev')).pages.flat()).toEqual(events.pages.flat());
});

it('5.3 refuses a cursor of another list', async () => {
  const { headers } = await chat.api.get('/api/conversations?limit=1');
  const cursor = new URL(link(headers, 'next')!, 'http://x').searchParams.get('after');
  const { status, json } = await chat.api.get(`/api/conversations/${talk}/messages?after=${cursor}`);
  expect([status, json.code, json.field]).toEqual([400, 'invalid_cursor', 'after']);
});

it('5.4 takes offset instead', async () => {
  const { json } = await chat.api.get('/api/conversations?limit=10&offset=20');
  expect(json.map(({ id }: { id: string }) => id)).toEqual(ids.slice(20));
  const page = await chat.api.get(`/api/conversations/${talk}/messages?limit=50&offset=0`);
  expect(page.json).toHaveLength(25);
  expect((await chat.api.get('/api/conversations?offset=1&before=x')).json.code).toBe('ambiguous_page');
});

const contents = (page: { json: { content: string }[] }) => page.json.map(({ content }) => content);

it('5.4 begins a page of messages at a seq, and leads on from there both ways', async () => {
  const all = contents(await chat.api.get(`/api/conversations/${talk}/messages`));
  // the conversation's own first event has seq 1: message n has seq n + 2
  const page = await chat.api.get(`/api/conversations/${talk}/messages?from=12&limit=5`);
  expect(contents(page)).toEqual(all.slice(10, 15));
  expect(contents(await chat.api.get(link(page.headers, 'next')!))).toEqual(all.slice(15, 20));
  expect(contents(await chat.api.get(link(page.headers, 'prev')!))).toEqual(all.slice(5, 10));
  expect(contents(await chat.api.get(`/api/conversations/${talk}/messages?from=1`))).toEqual(all);
  expect((await chat.api.get(`/api/conversations/${talk}/messages?from=1000`)).json).toEqual([]);
  const both = await chat.api.get(`/api/conversations/${talk}/messages?from=3&offset=1`);
  expect([both.status, both.json.code]).toEqual([400, 'ambiguous_page']);
  expect((await chat.api.get(`/api/conversations/${talk}/messages?from=0`)).json.code).toBe('invalid_seq');
});

it('5.6 shows each entry once while others come and go between pages', async () => {
  const first = await chat.api.get('/api/conversations?limit=10');
  const late = await chat.conversation({ title: 'late' });
  await chat.api.delete(`/api/conversations/${ids[12]}`);
  const rest = await walk(link(first.headers, 'next')!, 'next');
  const seen = [...first.json.map(({ id }: { id: string }) => id), ...rest.pages.flat()];
  expect(seen).toEqual(ids.filter((id) => id !== ids[12]));
  expect((await chat.api.get('/api/conversations?limit=1')).json[0].id).toBe(late);
  await chat.api.post(`/api/conversations/${ids[12]}/restore`);
});

it('5.7 leaves the trash out, unless asked', async () => {
  const id = await chat.conversation({ title: 'away' });
  await chat.api.delete(`/api/conversations/${id}`);
  const listed = async (query: string) =>
    (await chat.api.get(`/api/conversations?limit=1000${query}`)).json.some(
      (entry: { id: string }) => entry.id === id,
    );
  expect([await listed(''), await listed('&includeTrashed=true')]).toEqual([false, true]);
  for (const path of [`/api/conversations/${id}`, `/api/conversations/${id}/messages`]) {
    const refused = await chat.api.get(path);
    expect([refused.status, refused.json.code]).toEqual([404, 'conversation_trashed']);
    expect((await chat.api.get(`${path}?includeTrashed=true`)).status).toBe(200);
  }
  expect((await chat.api.get(`/api/conversations/${id}/events`)).json).toHaveLength(2);
  expect((await chat.api.get(`/api/conversations/${id}?includeTrashed=true`)).json.trashedAt).toMatch(/Z$/);
});

it('6.1 answers 304 to the tag of what has not changed, and not once it has', async () => {
  const message = (await chat.api.get(`/api/conversations/${talk}/messages?limit=1`)).json[0].id;
  const paths = [
    '/api/conversations?limit=2',
    `/api/conversations/${talk}`,
    `/api/conversations/${talk}/messages?limit=5`,
    `/api/conversations/${talk}/messages/${message}`,
    `/api/conversations/${talk}/events?limit=1`,
    `/api/conversations/${talk}/state`,
  ];
  const tags = new Map<string, string>();
  for (const path of paths) {
    const { headers } = await chat.api.get(path);
    tags.set(path, String(headers.etag));
    const again = await chat.api.get(path, { 'if-none-match': String(headers.etag) });
    expect([path, again.status, again.text]).toEqual([path, 304, '']);
    expect((await chat.api.get(path, { 'if-none-match': '"other"' })).status).toBe(200);
  }
  await chat.api.patch(`/api/conversations/${talk}`, { title: 'another' });
  await chat.api.patch(`/api/messages/${message}`, { content: 'another' });
  for (const path of paths.filter((path) => !path.includes('/events'))) {
    const after = await chat.api.get(path, { 'if-none-match': tags.get(path)! });
    expect([path, after.status]).toEqual([path, 200]);
  }
});

it('6.1 gives a page another tag when it gets a neighbour', async () => {
  const id = await chat.conversation({ title: 'first' });
  const path = `/api/conversations/${id}/events?limit=1`;
  const { headers } = await chat.api.get(path);
  expect(headers.link).toBeUndefined();
  await chat.api.patch(`/api/conversations/${id}`, { title: 'second' });
  const after = await chat.api.get(path, { 'if-none-match': String(headers.etag) });
  expect([after.status, String(after.headers.link)]).toEqual([200, expect.stringContaining('rel="next"')]);
});
