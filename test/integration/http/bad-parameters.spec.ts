import { randomUUID } from 'node:crypto';
import { bad, BadInputServer, get, here, post, write, type BadInputCase } from '../../support/bad-input.js';

/** Bad input, case by case: ids, limits, cursors and positions. Each gets a 4xx problem that names the field, and leaves the log as it was. */
jest.setTimeout(60_000);

let server: BadInputServer;

beforeAll(async () => {
  server = await BadInputServer.start();
});

afterAll(() => server?.stop());

describe('ids that are no uuid', () => {
  it.each<BadInputCase>([
    ['a conversation', get('/api/conversations/42'), bad('invalid_id', 'id')],
    ['a cut uuid', get('/api/conversations/01a207a5-be3e-752e-a9b1-b3ec6d702de'), bad('invalid_id', 'id')],
    ['an SQL fragment', get("/api/conversations/1'%20or%20'1'='1/messages"), bad('invalid_id', 'id')],
    ['U+0000 in the path', get('/api/conversations/%00'), bad('invalid_id', 'id')],
    ['a very long one', get(`/api/conversations/${'a'.repeat(500)}`), bad('invalid_id', 'id')],
    ['a message', get(`${here}/messages/undefined`), bad('invalid_id', 'messageId')],
    ['a bare message', write('PATCH', '/api/messages/null', { content: 'x' }), bad('invalid_id', 'id')],
    ['a turn', post('/api/turns/1/cancel'), bad('invalid_id', 'id')],
    [
      'the project of a list',
      get('/api/conversations?projectId=a&projectId=b'),
      bad('invalid_id', 'projectId'),
    ],
    ['in a body', post('/api/conversations', { projectId: 'p1' }), bad('invalid_id', 'projectId')],
    [
      'a parent',
      post(`${here}/messages`, { role: 'user', content: 'x', parentId: 'x' }),
      bad('invalid_id', 'parentId'),
    ],
    ['a leaf', post(`${here}/branch`, { leafId: 'x' }), bad('invalid_id', 'leafId')],
    ['a malformed path', get('/api/conversations/%zz'), bad('invalid_path', 'path')],
  ])('%s', async (_, request, expected) => {
    await server.expectRefusal(request(server.ids), expected);
  });
});

describe('limits and offsets', () => {
  const limits = [
    'limit=0',
    'limit=-1',
    'limit=1e9',
    'limit=1001',
    'limit=1000000000',
    'limit=NaN',
    'limit=',
    'limit=1&limit=2',
  ];
  const lists = ['/api/conversations', `${here}/messages`, `${here}/events`];
  it.each(lists.flatMap((list) => limits.map((limit) => [`${list}?${limit}`])))('%s', async (path) => {
    await server.expectRefusal(get(path)(server.ids), bad('invalid_limit', 'limit'));
  });

  it.each(['-1', 'x', '1.5', '1e3'])('offset=%s', async (offset) => {
    await server.expectRefusal(
      get(`/api/conversations?offset=${offset}`)(server.ids),
      bad('invalid_offset', 'offset'),
    );
  });
});

/** A cursor as a Link header gives it. */
async function cursorOf(path: string): Promise<string> {
  const { headers } = await server.api.get(path);
  const link = /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1];
  const cursor = new URL(link ?? '', 'http://localhost').searchParams.get('after');
  if (!cursor) throw new Error(`${path} has no next page: ${headers.link}`);
  return cursor;
}

describe('cursors', () => {
  it('of the wrong list, cut or altered', async () => {
    const ofConversations = await cursorOf('/api/conversations?limit=1');
    const ofMessages = await cursorOf(`/api/conversations/${server.ids.conversation}/messages?limit=1`);
    const refused = bad('invalid_cursor', 'after');
    await server.expectRefusal(get(`/api/conversations?after=${ofMessages}`)(server.ids), refused);
    await server.expectRefusal(get(`${here}/messages?after=${ofConversations}`)(server.ids), refused);
    await server.expectRefusal(
      get(`/api/conversations/$other/messages?after=${ofMessages}`)(server.ids),
      refused,
    );
    await server.expectRefusal(
      get(`/api/conversations?projectId=${randomUUID()}&after=${ofConversations}`)(server.ids),
      refused,
    );
    await server.expectRefusal(
      get(`/api/conversations?after=${ofConversations.slice(0, -1)}`)(server.ids),
      refused,
    );
    await server.expectRefusal(
      get(`/api/conversations?after=${ofConversations.slice(1)}`)(server.ids),
      refused,
    );
    const flipped = ofConversations.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    await server.expectRefusal(
      get(`/api/conversations?before=${flipped}`)(server.ids),
      bad('invalid_cursor', 'before'),
    );
    expect((await server.api.get(`/api/conversations?after=${ofConversations}`)).status).toBe(200);
  });

  it.each<BadInputCase>([
    ['empty', get('/api/conversations?after='), bad('invalid_cursor', 'after')],
    ['garbage', get('/api/conversations?after=abc'), bad('invalid_cursor', 'after')],
    ['twice', get('/api/conversations?after=a&after=b'), bad('invalid_cursor', 'after')],
    ['both ways', get('/api/conversations?after=a&before=b'), bad('ambiguous_page', 'query')],
  ])('%s', async (_, request, expected) => {
    await server.expectRefusal(request(server.ids), expected);
  });
});

describe('positions', () => {
  const bads = ['-1', '0.5', '9007199254740992', 'x', '', '1e2', '1&after=1'];
  it.each(bads.flatMap((seq) => [[`stream?after=${seq}`], [`events?after=${seq}`]]))('%s', async (path) => {
    await server.expectRefusal(get(`${here}/${path}`)(server.ids), bad('invalid_seq', 'after'));
  });

  it.each<BadInputCase>([
    ['before 0', get(`${here}/events?before=0`), bad('invalid_seq', 'before')],
    ['at 0', get(`${here}/state?at=0`), bad('invalid_seq', 'at')],
    ['at −1', get(`${here}/state?at=-1`), bad('invalid_seq', 'at')],
    ['at 2^53', get(`${here}/state?at=9007199254740992`), bad('invalid_seq', 'at')],
    ['at no time', get(`${here}/state?at=2026-02-30T00:00:00Z`), bad('invalid_seq', 'at')],
    ['a timeline at 0', get(`${here}/timeline?at=0`), bad('invalid_seq', 'at')],
    ['an export at 0', get(`${here}/export?at=0`), bad('invalid_seq', 'at')],
    ['a state of none', get(`${here}/state?limit=0`), bad('invalid_limit', 'limit')],
    ['a state of too many', get(`${here}/state?limit=1001`), bad('invalid_limit', 'limit')],
    ['a state before garbage', get(`${here}/state?before=abc`), bad('invalid_cursor', 'before')],
    ['an export twice', get(`${here}/export?format=json&format=json`), bad('invalid_format', 'format')],
    ['an export as PDF', get(`${here}/export?format=pdf`), bad('invalid_format', 'format')],
    [
      'a state before the beginning',
      get(`${here}/state?at=2001-01-01T00:00:00Z`),
      { status: 404, code: 'not_found', field: 'at' },
    ],
    [
      'a stream beyond the head',
      get(`${here}/stream?after=1000`),
      { status: 409, code: 'stream_ahead', field: 'after' },
    ],
    [
      'events beyond the head',
      get(`${here}/events?after=1000`),
      { status: 409, code: 'stream_ahead', field: 'after' },
    ],
    [
      'events before the beyond',
      get(`${here}/events?before=1000`),
      { status: 409, code: 'stream_ahead', field: 'before' },
    ],
    [
      'a state beyond the head',
      get(`${here}/state?at=9007199254740991`),
      { status: 409, code: 'stream_ahead', field: 'at' },
    ],
    [
      'Last-Event-ID garbage',
      get(`${here}/stream`, { 'last-event-id': 'abc' }),
      bad('invalid_seq', 'Last-Event-ID'),
    ],
    [
      'Last-Event-ID −1',
      get(`${here}/stream`, { 'last-event-id': '-1' }),
      bad('invalid_seq', 'Last-Event-ID'),
    ],
    [
      'Last-Event-ID 2^53',
      get(`${here}/stream`, { 'last-event-id': '9007199254740992' }),
      bad('invalid_seq', 'Last-Event-ID'),
    ],
    [
      'Last-Event-ID ahead',
      get(`${here}/stream?after=1`, { 'last-event-id': '1000' }),
      { status: 409, code: 'stream_ahead', field: 'Last-Event-ID' },
    ],
    ['an epoch twice', get(`${here}/stream?epoch=a&epoch=b`), bad('invalid_epoch', 'epoch')],
    ['types with SQL', get(`${here}/events?types='`), bad('invalid_types', 'types')],
    [
      'an expected seq of 0.5',
      post('/api/commands', {
        commandId: 'c',
        type: 'cancelTurn',
        data: { turnId: randomUUID() },
        expectedSeq: 0.5,
      }),
      bad('invalid_field', 'expectedSeq'),
    ],
    [
      'an expected seq beyond the head',
      () => ({
        method: 'POST',
        path: '/api/commands',
        body: {
          commandId: 'c',
          type: 'archiveConversation',
          data: { conversationId: server.ids.conversation },
          expectedSeq: 9,
        },
      }),
      { status: 409, code: 'wrong_expected_seq', field: 'expectedSeq' },
    ],
  ])('%s', async (_, request, expected) => {
    await server.expectRefusal(request(server.ids), expected);
  });
});
