import { ConformanceServer } from '../support/conformance-server.js';

/** docs/protocol.md, section 19. */
jest.setTimeout(60_000);

let chat: ConformanceServer;
let id: string;
let head: number;
const formats = ['markdown', 'json', 'ndjson'];

beforeAll(async () => {
  chat = await ConformanceServer.start();
  id = await chat.conversation({ title: '../größe "漢字"' });
  await chat.turn(id, 'clock');
  const messages = (await chat.api.get(`/api/conversations/${id}/messages`)).json;
  // a second answer to the same question, and a message on its branch
  const parentId = messages[0].id;
  await chat.api.post(`/api/conversations/${id}/messages`, {
    role: 'assistant',
    content: 'Otherwise',
    parentId,
  });
  await chat.api.post(`/api/conversations/${id}/messages`, { role: 'user', content: '# Thanks' });
  head = (await chat.api.get(`/api/conversations/${id}`)).json.seq;
});

afterAll(() => chat?.stop());

const exported = (query: string) => chat.api.get(`/api/conversations/${id}/export?${query}`);

it('19.1 is an attachment with a safe name', async () => {
  for (const [format, type, ending] of [
    ['markdown', 'text/markdown; charset=utf-8', 'md'],
    ['json', 'application/json; charset=utf-8', 'json'],
    ['ndjson', 'application/x-ndjson', 'ndjson'],
  ]) {
    const { status, headers } = await exported(`format=${format}`);
    expect([status, headers['content-type']]).toEqual([200, type]);
    const name = `gr%C3%B6%C3%9Fe%20%E6%BC%A2%E5%AD%97.${ending}`;
    expect(headers['content-disposition']).toBe(
      `attachment; filename="gr__e __.${ending}"; filename*=UTF-8''${name}`,
    );
  }
  expect((await exported('')).headers['content-type']).toMatch(/markdown/);
  const bad = await exported('format=pdf');
  expect([bad.status, bad.json.field]).toEqual([400, 'format']);
  const head = await chat.api.send({ method: 'HEAD', path: `/api/conversations/${id}/export` });
  expect([head.status, head.text]).toEqual([200, '']);
  expect(head.headers).toMatchObject({
    'content-type': 'text/markdown; charset=utf-8',
    'content-disposition': expect.any(String),
  });
  expect(head.headers).not.toHaveProperty('content-length');
});

it('19.2 holds every branch, with tool calls and their results', async () => {
  const { json } = await exported('format=json');
  const { messages, conversation, usage } = json;
  const roles = messages.map(({ role, content }: { role: string; content: string }) =>
    role === 'assistant' || role === 'user' ? `${role}: ${content}` : role,
  );
  expect(roles).toEqual([
    'user: clock',
    'assistant: Let me look.',
    'tool',
    'assistant: You said: ',
    'assistant: Otherwise',
    'user: # Thanks',
  ]);
  expect(messages[2]).toMatchObject({ toolName: 'Clock', toolCall: {}, toolResult: expect.anything() });
  expect(conversation).toMatchObject({ id, seq: head, leafId: messages.at(-1).id });
  expect(usage.outputTokens).toBeGreaterThan(0);

  const { text } = await exported('format=markdown');
  const headings = text.split('\n').filter((line) => /^(#{1,3} |---)/.test(line));
  expect(headings).toEqual([
    '# ../größe "漢字"',
    '### User',
    '### Assistant',
    '### Tool: Clock',
    '### Assistant',
    '---',
    '## Branch from message 2 (selected)',
    '### Assistant',
    '### User',
    '# Thanks',
  ]);

  const events = (await chat.api.get(`/api/conversations/${id}/events?limit=1000`)).json;
  const lines = (await exported('format=ndjson')).text.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(events);
});

it('19.3 is the same bytes whenever it is asked for', async () => {
  const moments = [head, Math.floor(head / 2), 1];
  const ask = () =>
    Promise.all(formats.flatMap((format) => moments.map((at) => exported(`format=${format}&at=${at}`))));
  const before = await ask();
  await chat.turn(id, 'and then');
  await chat.api.patch(`/api/conversations/${id}`, { title: 'Another' });
  const after = await ask();
  expect(after.map(({ text }) => text)).toEqual(before.map(({ text }) => text));
  const dispositions = (answers: typeof before) =>
    answers.map(({ headers }) => headers['content-disposition']);
  expect(dispositions(after)).toEqual(dispositions(before));
  const headers = { 'if-none-match': String(before[0]!.headers.etag) };
  expect((await chat.api.get(`/api/conversations/${id}/export?at=${head}`, headers)).status).toBe(304);
});
