import { ApiClient } from '../support/api-client.js';
import { startMode, type TestMode } from '../support/mode.js';
import { startServer, type TestServer } from '../support/server.js';

/** docs/protocol.md, clauses 3.1, 3.3, 12.6 and 12.7: what a browser is served, and how it sends a token. */
jest.setTimeout(90_000);

const token = 'a-token-of-the-test';
const basic = { authorization: `Basic ${Buffer.from(`anyone:${token}`).toString('base64')}` };
let mode: TestMode;
let closed: TestServer;
let api: ApiClient;

beforeAll(async () => {
  mode = await startMode();
  const env = { ...mode.env, CHATLOG_TOKEN: token, CHATLOG_ADMIN_TOKEN: 'another-token' };
  closed = await startServer({ role: 'api', env });
  api = new ApiClient(closed.url);
});

afterAll(async () => {
  await closed?.stop();
  await mode?.stop();
});

it.each(['/', '/projects/new', '/preview/0198f000-0000-7000-8000-000000000001'])(
  '3.1 %s asks a browser for the token',
  async (path) => {
    const { status, headers } = await api.get(path);
    expect([status, headers['www-authenticate']]).toEqual([401, expect.stringMatching(/^Basic /)]);
  },
);

it('3.1 takes the token as the password of HTTP Basic, also for the API, and the files of the page without any', async () => {
  const page = await api.get('/', basic);
  expect(page.status).toBe(200);
  expect((await api.get('/api/conversations', basic)).status).toBe(200);
  const wrong = { authorization: `Basic ${Buffer.from(`${token}:no`).toString('base64')}` };
  expect((await api.get('/api/conversations', wrong)).json.code).toBe('token_invalid');
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page.text) ?? [];
  const { status, headers } = await api.get(script, { 'accept-encoding': 'gzip' });
  expect([status, headers['cache-control'], headers['content-encoding']]).toEqual([
    200,
    expect.stringContaining('immutable'),
    'gzip',
  ]);
});

it('3.3 refuses writes of foreign pages that a browser sends the password with, and lets its own write', async () => {
  const host = 'chat.example';
  for (const origin of ['https://evil.example', 'null']) {
    const refused = await api.post('/api/conversations', {}, { ...basic, host, origin });
    expect([origin, refused.status, refused.json.code]).toEqual([origin, 403, 'origin_not_allowed']);
  }
  for (const origin of [`http://${host}`, `https://${host}`])
    expect((await api.post('/api/conversations', {}, { ...basic, host, origin })).status).toBe(201);
});

it('12.6 the administration asks for its scope, and all pages are the same one', async () => {
  expect((await api.get('/admin', basic)).status).toBe(403);
  const admin = { authorization: 'Bearer another-token' };
  const [page, deep] = await Promise.all([
    api.get('/admin', admin),
    api.get('/projects/anything?at=3', admin),
  ]);
  expect(page.text).toBe(deep.text);
  expect(page.headers['cache-control']).toBe('no-cache');
  const policy = String(page.headers['content-security-policy']).split('; ');
  expect(policy).toEqual(
    expect.arrayContaining([
      "default-src 'none'",
      "script-src 'self'",
      "connect-src 'self'",
      "frame-ancestors 'none'",
    ]),
  );
  expect(policy.join()).not.toContain('unsafe');
  const again = await api.get('/', { ...admin, 'if-none-match': String(page.headers.etag) });
  expect([again.status, again.text]).toEqual([304, '']);
});

it.each([
  '/assets/../index.html',
  '/assets/%2e%2e%2findex.html',
  '/assets/..%5c..%5cpackage.json',
  '/assets/nothing.js',
  '/nowhere',
])('12.6 there is nothing at %s', async (path) => {
  const { status } = await api.get(path, basic);
  expect([path, [400, 404].includes(status)]).toEqual([path, true]);
});

it('12.7 a preview runs as an origin of its own, and calls nobody', async () => {
  const files = { 'index.html': { content: '<p>one</p>' } };
  const { json } = await api.post('/api/projects', { title: 'A page', files }, basic);
  for (const path of [`/preview/${json.id}`, `/preview/${json.id}/1`]) {
    const { status, text, headers } = await api.get(path, basic);
    expect([status, text, headers['content-type']]).toEqual([200, '<p>one</p>', 'text/html; charset=utf-8']);
    const policy = String(headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        'sandbox allow-scripts',
        "default-src 'none'",
        'connect-src data: blob:',
        "frame-ancestors 'self'",
      ]),
    );
    expect(policy.join()).not.toContain('allow-same-origin');
  }
  expect((await api.get(`/preview/${json.id}/2`, basic)).status).toBe(404);
  // ProjectCreated, FileWritten, ProjectVersionCommitted: it has a page before it has a version
  const at = async (seq: string) => api.get(`/preview/${json.id}?at=${seq}`, basic);
  expect([(await at('1')).text, (await at('2')).text]).toEqual(['', '<p>one</p>']);
  expect((await at('99')).json).toMatchObject({ status: 409, code: 'stream_ahead' });
  expect((await at('x')).json).toMatchObject({ status: 400, code: 'invalid_seq', field: 'at' });
});
