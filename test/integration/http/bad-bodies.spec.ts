import { bad, BadInputServer, here, post, write, type BadInputCase } from '../../support/bad-input.js';

/** Bad input, case by case: bodies and texts. Each gets a 4xx problem that names the field, and leaves the log as it was. */
jest.setTimeout(60_000);

let server: BadInputServer;

beforeAll(async () => {
  server = await BadInputServer.start();
});

afterAll(() => server?.stop());

const nested = (depth: number) =>
  `{"role":"user","content":"x","metadata":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`;
const large = (bytes: number) => {
  const frame = JSON.stringify({ role: 'assistant', content: '' }).length;
  return JSON.stringify({ role: 'assistant', content: 'x'.repeat(bytes - frame) });
};

describe('bodies', () => {
  const messages = `${here}/messages`;
  const json = { 'content-type': 'application/json' };
  it.each<BadInputCase>([
    ['none', post(messages), bad('missing_field', 'body')],
    ['empty', post(messages, '', { headers: json }), bad('missing_field', 'body')],
    ['not JSON', post(messages, '{"role":', { headers: json }), bad('invalid_json', 'body')],
    [
      'not UTF-8',
      post(messages, Buffer.from([0x7b, 0xff, 0x7d]), { headers: json }),
      bad('invalid_json', 'body'),
    ],
    ['an array', post(messages, []), bad('invalid_field', 'body')],
    ['null', post(messages, 'null', { headers: json }), bad('invalid_field', 'body')],
    [
      'a form',
      post(messages, 'role=user', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      { status: 415, code: 'unsupported_media_type', field: 'Content-Type' },
    ],
    [
      'text',
      post(messages, '{}', { headers: { 'content-type': 'text/plain' } }),
      { status: 415, code: 'unsupported_media_type', field: 'Content-Type' },
    ],
    ['10,000 deep', post(messages, nested(10_000), { headers: json }), bad('body_too_deep', 'metadata')],
    [
      'an unknown field',
      post(messages, { role: 'user', content: 'x', contnet: 'y' }),
      bad('unknown_field', 'contnet'),
    ],
    [
      'an unknown field named constructor',
      post(messages, { role: 'user', content: 'x', constructor: {} }),
      bad('unknown_field', 'constructor'),
    ],
    [
      '__proto__',
      post(messages, '{"role":"user","content":"x","__proto__":{"a":1}}', { headers: json }),
      bad('forbidden_key', '__proto__'),
    ],
    [
      '__proto__ deep inside',
      post(messages, '{"role":"user","content":"x","metadata":{"a":{"__proto__":{}}}}', { headers: json }),
      bad('forbidden_key', 'metadata.a.__proto__'),
    ],
    ['1 MiB + 1', post(messages, large(1_048_577)), { status: 413, code: 'body_too_large', field: 'body' }],
    [
      '1 MiB + 1, chunked',
      post(messages, large(1_048_577), { chunked: true }),
      { status: 413, code: 'body_too_large', field: 'body' },
    ],
    ['a change of nothing', write('PATCH', '/api/messages/$message', {}), bad('nothing_to_change', 'body')],
    ['a change of nothing', write('PATCH', here, {}), bad('nothing_to_change', 'body')],
    ['a field on a bodiless path', post(`${here}/restore`, { now: true }), bad('unknown_field', 'now')],
    ['an unknown role', post(messages, { role: 'robot', content: 'x' }), bad('invalid_field', 'role')],
    ['a number as text', post(messages, { role: 'user', content: 5 }), bad('invalid_field', 'content')],
    [
      'metadata that is a list',
      post(messages, { role: 'user', content: 'x', metadata: [1] }),
      bad('invalid_field', 'metadata'),
    ],
    [
      'a command of no kind',
      post('/api/commands', { commandId: 'c', type: 'explode', data: {} }),
      bad('invalid_field', 'type'),
    ],
    [
      '101 commands',
      post(
        '/api/commands',
        Array.from({ length: 101 }, () => ({})),
      ),
      bad('too_big', 'body'),
    ],
    ['no commands', post('/api/commands', []), bad('too_small', 'body')],
  ])('%s', async (_, request, expected) => {
    await server.expectRefusal(request(server.ids), expected);
  });

  it('takes exactly 1 MiB, with and without a length', async () => {
    for (const chunked of [false, true]) {
      const answer = await server.api.send({
        method: 'POST',
        path: `/api/conversations/${server.ids.conversation}/messages`,
        body: large(1_048_576),
        chunked,
      });
      expect(answer.status).toBe(201);
    }
  });
});

describe('texts', () => {
  const messages = `${here}/messages`;
  const turns = `${here}/turns`;
  const user = (content: string, more = {}) => post(messages, { role: 'user', content, ...more });

  it.each<BadInputCase>([
    ['U+0000 in a message', user('a\u0000b'), bad('invalid_text', 'content')],
    ['a lone surrogate in a message', user('a\ud83d'), bad('invalid_text', 'content')],
    ['a lone low surrogate', user('\ude00'), bad('invalid_text', 'content')],
    ['U+0000 in a prompt', post(turns, { prompt: '\u0000' }), bad('invalid_text', 'prompt')],
    [
      'U+0000 in a chunk',
      post('/api/messages/$answer/stream', { chunk: 'a\u0000' }),
      bad('invalid_text', 'chunk'),
    ],
    ['U+0000 in a title', post('/api/conversations', { title: 'a\u0000' }), bad('invalid_text', 'title')],
    [
      'a lone surrogate inside a title',
      post('/api/conversations', { title: '\ud83dx' }),
      bad('invalid_text', 'title'),
    ],
    ['U+0000 in metadata', user('x', { metadata: { a: ['\u0000'] } }), bad('invalid_text', 'metadata.a.0')],
    ['a lone surrogate in a key', user('x', { metadata: { 'a\ud800': 1 } }), bad('invalid_text', 'metadata')],
    [
      'U+0000 in a tool result',
      write('PATCH', '/api/messages/$answer', { toolResult: '\u0000' }),
      bad('invalid_text', 'toolResult'),
    ],
    [
      'U+0000 in a batch',
      post('/api/commands', [{ commandId: 'a', type: 'startConversation', data: { title: '\u0000' } }]),
      bad('invalid_text', '0.data.title'),
    ],
    ['a prompt of white space', post(turns, { prompt: ' \n\t\u00a0' }), bad('blank', 'prompt')],
    ['an empty prompt', post(turns, { prompt: '' }), bad('blank', 'prompt')],
    ['a user message of white space', user('  \n'), bad('blank', 'content')],
    [
      'a prompt of 200,001 characters',
      post(turns, { prompt: 'x'.repeat(200_001) }),
      bad('too_long', 'prompt'),
    ],
    ['a user message of 200,001 characters', user('x'.repeat(200_001)), bad('too_long', 'content')],
    ['a title of 256', post('/api/conversations', { title: 'x'.repeat(256) }), bad('too_long', 'title')],
    ['a new title of 256', write('PATCH', here, { title: 'x'.repeat(256) }), bad('too_long', 'title')],
    [
      'a tool name of 256',
      post(messages, { role: 'tool', content: '{}', toolName: 'x'.repeat(256) }),
      bad('too_long', 'toolName'),
    ],
  ])('%s', async (_, request, expected) => {
    await server.expectRefusal(request(server.ids), expected);
  });

  it('lets chunks and answers be white space or empty, and trims half a pair at the end of a title', async () => {
    expect((await server.api.post(`/api/messages/${server.ids.answer}/stream`, { chunk: ' ' })).status).toBe(
      200,
    );
    expect(
      (
        await server.api.post(`/api/conversations/${server.ids.conversation}/messages`, {
          role: 'assistant',
          content: '',
        })
      ).status,
    ).toBe(201);
    const { json } = await server.api.post('/api/conversations', { title: 'a\ud83d' });
    expect(json.title).toBe('a');
  });
});
