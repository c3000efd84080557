import { ConformanceServer } from '../support/conformance-server.js';
import { LolApp } from '../support/lol-app.js';
import { firstPage, lolScript } from '../support/lol-script.js';

/** docs/protocol.md, sections 14 and 16: projects as the LOL app makes, shows and changes them. */
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
const contents = (files: Record<string, { content: string }>) =>
  Object.fromEntries(Object.entries(files).map(([path, { content }]) => [path, content]));
const filesOf = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([path, content]) => [path, { content, type: 'html' }]));

// first: nothing else has been made yet
it('14.6 shows a page of its own in an empty store', async () => {
  const { status, json } = await app.call('GET', '/api/projects/random');
  expect(status).toBe(200);
  expect(json).toEqual({
    id: 'default',
    title: expect.stringMatching(/./),
    compiled: expect.stringMatching(/^<!doctype html>[^]*<\/html>\n$/),
    metadata: { views: 0 },
  });
});

it('14.6 shows any project, one view more each time', async () => {
  const { json } = await app.call('POST', '/api/projects/', { title: 'Only', files: {} });
  const before = (await app.call('GET', `/api/projects/${json.id}`)).json.metadata.views ?? 0;
  for (const views of [before + 1, before + 2]) {
    const random = await app.call('GET', '/api/projects/random');
    expect([random.status, random.json.id]).toEqual([200, json.id]);
    expect(random.json).toMatchObject({ title: 'Only', files: {}, compiled: '', metadata: { views } });
  }
  expect((await app.call('GET', `/api/projects/${json.id}`)).json.metadata.views).toBe(before + 2);
});

it('14.1 14.2 makes a project, and gives it back', async () => {
  const texts = { 'index.html': '<p>', 'a/style.css': 'p {}', 'app.js': '1', 'notes.txt': 'x' };
  const made = await app.call('POST', '/api/projects/', { title: 'T', files: filesOf(texts) });
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe(`/api/projects/${made.json.id}`);
  expect(made.json).toMatchObject({
    id: uuid,
    title: 'T',
    metadata: expect.any(Object),
    version: 1,
    createdAt: time,
    updatedAt: time,
    compiled: expect.stringContaining('<p>'),
  });
  expect(made.json.files).toEqual({
    'index.html': { content: '<p>', type: 'html' },
    'a/style.css': { content: 'p {}', type: 'css' },
    'app.js': { content: '1', type: 'javascript' },
    'notes.txt': { content: 'x', type: 'html' },
  });
  const { status, json } = await app.call('GET', `/api/projects/${made.json.id}`);
  expect(status).toBe(200);
  // the views are counted beside the log: an answer to a write shows none
  expect(json).toEqual({ ...made.json, metadata: { views: 0 } });
});

it('14.3 puts the whole set of files, in one version, and changes nothing by what is so already', async () => {
  const { json } = await app.call('POST', '/api/projects/', {
    title: 'T',
    files: filesOf({ 'index.html': '1', 'old.css': '2' }),
  });
  const path = `/api/projects/${json.id}`;
  const files = filesOf({ 'index.html': '3', 'new.js': '4' });
  const put = await app.call('PUT', path, { title: 'U', files });
  expect([put.status, put.json.title, put.json.version]).toEqual([200, 'U', 2]);
  expect(contents(put.json.files)).toEqual({ 'index.html': '3', 'new.js': '4' });
  expect((await app.call('PUT', path, { title: 'U', files })).json).toEqual(put.json);
  const named = await app.call('PUT', path, { title: 'V' });
  expect([named.json.title, named.json.version, contents(named.json.files)]).toEqual([
    'V',
    2,
    contents(put.json.files),
  ]);
  const emptied = await app.call('PUT', path, { files: {} });
  expect([emptied.status, emptied.json.files, emptied.json.version]).toEqual([200, {}, 3]);
});

const compiledOf = async (texts: Record<string, string>) =>
  (await app.call('POST', '/api/projects/', { title: 'C', files: filesOf(texts) })).json;

describe('14.5 compiles', () => {
  it.each<[string, Record<string, string>, string]>([
    [
      'styles and scripts in name order, into head and body',
      {
        'index.html': '<head></head><body></body>',
        'b.css': 'b',
        'a.css': 'a',
        'z.js': 'z()',
        'm.js': 'm()',
      },
      '<head><style>a\nb</style></head><body><script>m();\nz()</script></body>',
    ],
    [
      'to front and end where there is no head or body',
      { 'index.html': '<p>', 'a.css': 'a', 'a.js': 'x' },
      '<style>a</style><p><script>x</script>',
    ],
    [
      'contents literally',
      { 'index.html': '<head></head>', 'a.css': "$& $1 $' $$", 'a.js': '`$&`' },
      "<head><style>$& $1 $' $$</style></head><script>`$&`</script>",
    ],
    ['the first .html without an index', { 'b.html': 'B', 'a.html': 'A', 'z.txt': 'Z' }, 'A'],
  ])('%s', async (_, texts, page) => {
    const { compiled, compileError } = await compiledOf(texts);
    expect([compiled, compileError]).toEqual([page, undefined]);
  });

  it('nothing without an HTML file, says so, and keeps the files', async () => {
    const { compiled, compileError, files } = await compiledOf({ 'a.css': 'a' });
    expect([compiled, compileError]).toEqual(['', expect.stringMatching(/./)]);
    expect(contents(files)).toEqual({ 'a.css': 'a' });
  });
});

it('16.10 changes a project by a turn, and answers at its end', async () => {
  const { json } = await app.call('POST', '/api/projects/', { title: 'Mine', files: {} });
  const { status, json: changed } = await app.call('POST', '/api/iterate/claude', {
    projectId: json.id,
    prompt: 'build',
  });
  expect(status).toBe(200);
  expect(changed).toEqual({
    id: json.id,
    title: 'Mine',
    files: {
      'index.html': { content: firstPage.replace('Hi', 'Hello'), type: 'html' },
      'style.css': { content: 'h1 { color: red }', type: 'css' },
    },
    compiled: expect.stringContaining('<style>h1 { color: red }</style></head>'),
    version: expect.any(Number),
  });
  expect((await app.call('GET', `/api/projects/${json.id}`)).json).toMatchObject(changed);
  const [conversation] = (await app.call('GET', `/api/conversations?projectId=${json.id}`)).json;
  expect(conversation).toMatchObject({ title: 'build', projectId: json.id });
});

it('16.10 generates a project, titled with the prompt', async () => {
  const prompt = `${'g'.repeat(60)} build`;
  const { status, json } = await app.call('POST', '/api/ai/generate-claude', { prompt });
  expect(status).toBe(200);
  expect(json).toMatchObject({
    id: uuid,
    title: `Generated: ${'g'.repeat(50)}`,
    compiled: expect.stringContaining('<h1>Hello</h1>'),
  });
  expect(Object.keys(json.files)).toEqual(['index.html', 'style.css']);
  expect((await app.call('GET', `/api/projects/${json.id}`)).json).toMatchObject(json);
});

it.each([
  ['refuse', 502, 'turn_failed'],
  ['break', 502, 'turn_interrupted'],
  ['chat', 502, 'nothing_generated'],
])('16.10 says how a turn ended that made nothing good: %s', async (prompt, status, code) => {
  const answer = await app.call('POST', '/api/ai/generate-claude', { prompt });
  expect([answer.status, answer.json.code]).toEqual([status, code]);
  expect(answer.json).toMatchObject({ error: expect.any(String), message: expect.any(String) });
});

it('16.1 is healthy', async () => {
  const { status, json } = await app.call('GET', '/api/health');
  expect([status, json]).toEqual([200, { status: 'ok', timestamp: time }]);
});

describe('3.4', () => {
  it.each(['PUT', 'PATCH', 'DELETE', 'POST', 'GET'])(
    'lets the app use %s from its origin',
    async (method) => {
      const preflight = await fetch(`${app.url}/api/projects/x`, {
        method: 'OPTIONS',
        headers: {
          origin: app.origin,
          'access-control-request-method': method,
          'access-control-request-headers': 'content-type',
        },
      });
      expect(preflight.ok).toBe(true);
      expect(preflight.headers.get('access-control-allow-origin')).toBe(app.origin);
      expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
      expect(preflight.headers.get('access-control-allow-methods')).toContain(method);
      expect(preflight.headers.get('access-control-allow-headers')).toMatch(/content-type/i);
    },
  );

  it('names the origin in the stream and in errors', async () => {
    const stream = await app.fetch('POST', '/api/iterate/claude/stream', { prompt: 'chat' });
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const refused = await app.fetch('POST', '/api/iterate/claude/stream', {});
    expect(refused.status).toBe(400);
    for (const { headers } of [stream, refused]) {
      expect(headers.get('access-control-allow-origin')).toBe(app.origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
    }
    await stream.text();
  });
});
