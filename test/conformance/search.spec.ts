import { setTimeout as pause } from 'node:timers/promises';
import { ConformanceServer } from '../support/conformance-server.js';

/** docs/protocol.md, section 21. */
jest.setTimeout(60_000);

type Hit = {
  messageId: string;
  conversationId: string;
  seq: number;
  snippet: { text: string; hit: boolean }[];
};

let chat: ConformanceServer;
let garden: string;
const posted = new Map<string, string>();

beforeAll(async () => {
  chat = await ConformanceServer.start();
  garden = await chat.conversation({ title: 'Garden' });
  for (const text of [
    'The Café opens at nine',
    'roses and tulips, <b>red</b> roses',
    'tulips only',
    'a rosebush',
    '東京タワーに行きました',
  ])
    await post(garden, text);
});

afterAll(() => chat?.stop());

async function post(conversationId: string, content: string, more: object = {}): Promise<string> {
  const { json } = await chat.api.post(`/api/conversations/${conversationId}/messages`, {
    role: 'assistant',
    content,
    ...more,
  });
  posted.set(json.id, content);
  return json.id;
}

const ask = (q: string, more = '') => chat.api.get(`/api/search?q=${encodeURIComponent(q)}${more}`);
/** How a query string is refused. */
const code = async (query: string) => {
  const { status, json } = await chat.api.get(`/api/search?${query}`);
  return [status, json.code, json.field];
};
const textOf = ({ messageId }: Hit) => posted.get(messageId) ?? messageId;
/** A page at a moment when search has taken in all that was done. */
async function askInTime(q: string, more = '') {
  let answer = await ask(q, more);
  for (; answer.json.lag?.events > 0; await pause(20)) answer = await ask(q, more);
  return answer;
}
const found = async (q: string, more = '') => (await askInTime(q, more)).json.hits.map(textOf);

it('21.1 gives hits, newest first, and where each one stands', async () => {
  const { status, json } = await askInTime('tulips');
  expect(status).toBe(200);
  expect(json.hits.map(({ seq }: Hit) => seq)).toEqual([4, 3]);
  const messages = (await chat.api.get(`/api/conversations/${garden}/messages`)).json;
  expect(json.hits[0]).toEqual({
    conversationId: garden,
    messageId: messages[2].id,
    seq: messages[2].seq,
    role: 'assistant',
    status: 'complete',
    title: 'Garden',
    archived: false,
    createdAt: messages[2].createdAt,
    snippet: [
      { text: 'tulips', hit: true },
      { text: ' only', hit: false },
    ],
  });
});

it('21.2 reads words, rows of words, alternatives, and what must not be there', async () => {
  expect(await found('roses tulips ')).toEqual(['roses and tulips, <b>red</b> roses']);
  expect(await found('"and tulips"')).toEqual(['roses and tulips, <b>red</b> roses']);
  expect(await found('"tulips and"')).toEqual([]);
  expect(await found('nine or only ')).toEqual(['tulips only', 'The Café opens at nine']);
  expect(await found('tulips -roses')).toEqual(['tulips only']);
  expect(await found('tulips -"and tulips"')).toEqual(['tulips only']);
  expect(await found('ros')).toEqual(['a rosebush', 'roses and tulips, <b>red</b> roses']);
  expect(await found('(tulips) & & only:*')).toEqual(['tulips only']);
});

it('21.3 looks past capitals and accents, and inside of words where it must', async () => {
  expect(await found('CAFE ')).toEqual(['The Café opens at nine']);
  expect(await found('タワー')).toEqual(['東京タワーに行きました']);
  expect(await found('行')).toEqual(['東京タワーに行きました']);
  expect(await found('osebus')).toEqual(['a rosebush']);
  expect(await found('os ')).toEqual([]);
});

it('21.4 refuses what nothing can be found by, and says why', async () => {
  expect(await code('')).toEqual([400, 'invalid_field', 'q']);
  expect(await code('q=a&q=b')).toEqual([400, 'invalid_field', 'q']);
  expect(await code('q=%20')).toEqual([400, 'blank', 'q']);
  expect(await code(`q=${'x'.repeat(1_001)}`)).toEqual([400, 'too_long', 'q']);
  expect(await code(`q=${'a+'.repeat(33)}`)).toEqual([400, 'too_many_words', 'q']);
  for (const q of ['%26', ':*', '-tulips', 'a+or+-b', '%22%22']) {
    expect([q, ...(await code(`q=${q}`))]).toEqual([q, 400, 'nothing_to_search', 'q']);
  }
  expect(await code('q=a%00b')).toEqual([400, 'invalid_text', 'q']);
});

it('21.5 narrows by project, conversation, role, status, archive and time', async () => {
  const projectId = (await chat.api.post('/api/projects', { title: 'Shed' })).json.id;
  const shed = await chat.conversation({ projectId });
  await post(shed, 'a spade', { role: 'user' });
  await post(shed, 'a spade that broke', { streamingStatus: 'error' });
  expect(await found('spade', `&projectId=${projectId}`)).toHaveLength(2);
  expect(await found('spade', `&projectId=${garden}`)).toEqual([]);
  expect(await found('spade', '&projectId=default')).toEqual([]);
  expect(await found('spade', `&conversationId=${shed}`)).toHaveLength(2);
  expect(await found('spade', `&conversationId=${garden}`)).toEqual([]);
  expect(await found('spade', '&role=user')).toEqual(['a spade']);
  expect(await found('spade', '&status=error')).toEqual(['a spade that broke']);
  expect(await found('spade', '&archived=true')).toEqual([]);
  await chat.api.patch(`/api/conversations/${shed}`, { archived: true });
  expect(await found('spade', '&archived=true')).toHaveLength(2);
  expect(await found('spade', '&archived=false')).toEqual([]);
  const [, first] = (await askInTime('spade')).json.hits;
  expect(await found('spade', `&to=${first.createdAt}`)).toEqual([]);
  expect(await found('spade', `&from=${first.createdAt}`)).toHaveLength(2);
  expect(await found('spade', '&from=2001-01-01&to=2001-01-02T00:00:00%2B01:00')).toEqual([]);
  for (const [field, value, expected] of [
    ['projectId', '', 'invalid_id'],
    ['conversationId', 'x', 'invalid_id'],
    ['role', 'nobody', 'invalid_role'],
    ['status', 'x', 'invalid_status'],
    ['archived', '1', 'invalid_flag'],
    ['from', 'yesterday', 'invalid_time'],
    ['to', '2001-13-01', 'invalid_time'],
  ]) {
    const { status, json } = await ask('spade', `&${field}=${value}`);
    expect([status, json.code, json.field]).toEqual([400, expected, field]);
  }
});

it('21.6 leads through pages by a cursor, while others come', async () => {
  const id = await chat.conversation({ title: 'Pages' });
  for (let i = 0; i < 7; i += 1) await post(id, `leaf ${i}`);
  const first = await askInTime('leaf ', '&limit=3');
  expect(first.headers.link).toContain('rel="next"');
  await post(id, 'leaf late');
  const seen = first.json.hits.map(textOf);
  for (let next = first.json.next; next;) {
    const { json } = await ask('leaf ', `&limit=3&cursor=${next}`);
    seen.push(...json.hits.map(textOf));
    next = json.next;
  }
  expect(seen).toEqual(Array.from({ length: 7 }, (_, i) => `leaf ${6 - i}`));
  const path = /<([^>]+)>/.exec(String(first.headers.link))![1]!;
  expect((await chat.api.get(path)).json.hits).toHaveLength(3);
  const other = await ask('leaves', `&cursor=${first.json.next}`);
  expect([other.status, other.json.code, other.json.field]).toEqual([400, 'invalid_cursor', 'cursor']);
  for (const limit of ['0', '101', 'x'])
    expect((await ask('leaf', `&limit=${limit}`)).json.code).toBe('invalid_limit');
});

it('21.7 finds finished messages where they were made, and nothing in the trash', async () => {
  const id = await chat.conversation({ title: 'Turns' });
  await chat.turn(id, 'marigold');
  expect(await found('"you said" marigold ')).toHaveLength(1);
  const fork = (await chat.api.post(`/api/conversations/${id}/fork`, {})).json.id;
  await post(fork, 'marigold of the fork');
  const hits: Hit[] = (await askInTime('marigold ')).json.hits;
  expect(hits.map(({ conversationId }) => conversationId)).toEqual([fork, id, id]);
  await chat.api.delete(`/api/messages/${hits[1]!.messageId}`);
  expect(await found('marigold ')).toHaveLength(2);
  await chat.api.delete(`/api/conversations/${id}`);
  // at once, whether or not search lags
  expect((await ask('marigold ')).json.hits.map(textOf)).toEqual(['marigold of the fork']);
  await chat.api.post(`/api/conversations/${id}/restore`);
  expect(await found('marigold ')).toHaveLength(2);

  const growing = await post(id, '', { streamingStatus: 'streaming' });
  await chat.api.post(`/api/messages/${growing}/stream`, { chunk: 'half a dah' });
  await chat.api.post(`/api/messages/${growing}/stream`, { chunk: 'lia' });
  expect(await found('dahlia ')).toEqual([]);
  await chat.api.post(`/api/messages/${growing}/complete`);
  expect(await found('dahlia ')).toHaveLength(1);
  await post(id, `${'word '.repeat(41_000)} behind`);
  expect(await found('behind ')).toEqual([]);
});

it('21.8 shows the place as plain text in pieces', async () => {
  const { json } = await askInTime('red ');
  expect(json.hits[0].snippet).toEqual([
    { text: 'roses and tulips, <b>', hit: false },
    { text: 'red', hit: true },
    { text: '</b> roses', hit: false },
  ]);
});

it('21.9 says how far it lags', async () => {
  expect((await askInTime('tulips')).json.lag).toEqual({ events: 0, seconds: 0, atLeast: false });
});
