import { randomUUID } from 'node:crypto';
import { ApiClient, type ApiAnswer, type ApiRequest } from '../support/api-client.js';
import { headerAlone } from '../support/header-alone.js';
import { startMode, type TestMode } from '../support/mode.js';
import { startServer, type TestServer } from '../support/server.js';

/** docs/protocol.md, section 3, over every path that the server describes, in every spelling. */
jest.setTimeout(90_000);

const token = 'a-token-of-the-test';
const client = 'http://localhost:5173';
let mode: TestMode;
let open: TestServer;
let closed: TestServer;
let routes: { method: string; path: string }[];

beforeAll(async () => {
  mode = await startMode();
  [open, closed] = await Promise.all([
    startServer({ role: 'api', env: mode.env }),
    startServer({ role: 'api', env: { ...mode.env, CHATLOG_TOKEN: token } }),
  ]);
  const { json } = await new ApiClient(open.url).get('/openapi.json');
  routes = Object.entries(json.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(/\{\w+\}/g, randomUUID()),
    })),
  );
  for (const path of ['/openapi.json', '/docs', '/docs/assets/swagger-ui.css'])
    routes.push({ method: 'GET', path });
});

afterAll(async () => {
  await Promise.all([open?.stop(), closed?.stop()]);
  await mode?.stop();
});

/** The path, its HEAD where it is a GET, and its other spellings. */
function spellings({ method, path }: { method: string; path: string }): ApiRequest[] {
  const paths = [path, `${path}/`, path.replaceAll('/', '//')];
  const methods = method === 'GET' ? ['GET', 'HEAD'] : [method];
  const body = ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined;
  return methods.flatMap((each) => paths.map((one) => ({ method: each, path: one, body })));
}

async function sendAll(
  server: TestServer,
  headers: Record<string, string>,
): Promise<[ApiRequest, ApiAnswer][]> {
  const api = new ApiClient(server.url, headers);
  const answers: [ApiRequest, ApiAnswer][] = [];
  for (const request of routes.flatMap(spellings)) answers.push([request, await api.send(request)]);
  return answers;
}

const isHealth = ({ path }: ApiRequest) => path.replaceAll('//', '/').includes('/health');
const named = ({ method, path }: ApiRequest) => `${method} ${path}`;

it('describes enough paths for this to mean something', () => {
  expect(routes.length).toBeGreaterThan(25);
});

it('3.1 refuses every path but health without the token', async () => {
  for (const [request, { status, json, headers }] of await sendAll(closed, {})) {
    if (isHealth(request)) expect([named(request), status]).toEqual([named(request), 200]);
    else
      expect([named(request), status, headers['www-authenticate']]).toEqual([
        named(request),
        401,
        expect.stringMatching(/^Bearer/),
      ]);
    if (status === 401 && request.method !== 'HEAD') expect(json.code).toBe('token_required');
  }
});

it('1.6 3.1 3.2 3.3 refuses the large body of a project before it is sent', async () => {
  const path = `/api/projects/${randomUUID()}`;
  const large = { 'content-type': 'application/json', 'content-length': String(40 * 1024 * 1024) };
  const refusals: [TestServer, Record<string, string>, number, string][] = [
    [closed, {}, 401, 'token_required'],
    [closed, { authorization: 'Bearer no' }, 401, 'token_invalid'],
    [open, { host: 'evil.example' }, 403, 'host_not_allowed'],
    [open, { origin: 'null' }, 403, 'origin_not_allowed'],
  ];
  for (const [server, headers, status, code] of refusals) {
    for (const [method, to] of [
      ['PUT', path],
      ['POST', '/api/projects'],
      ['POST', '//api/projects/'],
    ] as const) {
      const answer = await headerAlone(server.url, {
        method,
        path: to,
        headers: { ...large, ...headers },
      });
      expect([method, to, answer.status, answer.code]).toEqual([method, to, status, code]);
    }
  }
});

it('3.1 refuses another token, and lets the right one in by any Host', async () => {
  const api = new ApiClient(closed.url);
  const wrong = await api.get('/api/conversations', { authorization: `Bearer ${token}x` });
  expect([wrong.status, wrong.json.code]).toEqual([401, 'token_invalid']);
  for (const authorization of [`Basic ${token}`, token, 'Bearer']) {
    expect((await api.get('/api/conversations', { authorization })).status).toBe(401);
  }
  const host = 'chat.example';
  const right = await api.post(
    '/api/conversations',
    {},
    { authorization: `bearer ${token}`, host, origin: 'https://chat.example' },
  );
  expect(right.status).toBe(201);
});

it('3.2 refuses a foreign Host on every path when there is no token', async () => {
  for (const [request, { status, json }] of await sendAll(open, { host: 'evil.example:3001' })) {
    expect([named(request), status]).toEqual([named(request), 403]);
    if (request.method !== 'HEAD') expect(json.code).toBe('host_not_allowed');
  }
  const api = new ApiClient(open.url);
  for (const host of [
    'localhost.evil.example',
    '127.0.0.1.nip.io',
    '10.0.0.1',
    'localhost@evil.example',
    '0.0.0.0',
  ]) {
    expect([host, (await api.get('/api/conversations', { host })).status]).toEqual([host, 403]);
  }
  for (const host of ['localhost', 'localhost:3001', '127.0.0.1', '[::1]:3001']) {
    expect([host, (await api.get('/api/conversations', { host })).status]).toEqual([host, 200]);
  }
});

it.each(['null', 'https://evil.example', 'http://localhost:9999', 'http://localhost:5173.evil.example'])(
  '3.3 refuses every write from origin %s when there is no token',
  async (origin) => {
    for (const [request, { status, json }] of await sendAll(open, { origin })) {
      if (request.method === 'GET' || request.method === 'HEAD') {
        expect([named(request), status === 403]).toEqual([named(request), false]);
      } else {
        expect([named(request), status, json.code]).toEqual([named(request), 403, 'origin_not_allowed']);
      }
    }
  },
);

it('3.3 lets the client, the server itself and callers without an origin write', async () => {
  const api = new ApiClient(open.url);
  for (const headers of [{}, { origin: client }, { origin: open.url }]) {
    expect((await api.post('/api/conversations', {}, headers as Record<string, string>)).status).toBe(201);
  }
});

it('3.4 names the client alone in CORS headers, on answers, errors, streams and preflights', async () => {
  const api = new ApiClient(open.url);
  const { id } = (await api.post('/api/conversations', {})).json;
  const stream = await api.open({ path: `/api/conversations/${id}/stream`, headers: { origin: client } });
  stream.destroy();
  const answers = [
    (await api.get('/api/conversations', { origin: client })).headers,
    (await api.get('/api/conversations/x', { origin: client })).headers,
    (await api.get('/api/nothing', { origin: client })).headers,
    (await api.get('/api/projects/%zz', { origin: client })).headers,
    (await api.get(`/api/projects/${'x'.repeat(600)}`, { origin: client })).headers,
    stream.headers,
  ];
  for (const headers of answers) {
    expect(headers['access-control-allow-origin']).toBe(client);
    expect(headers['access-control-allow-credentials']).toBe('true');
    for (const name of ['Link', 'ETag', 'Location', 'Retry-After', 'X-Request-Id']) {
      expect(headers['access-control-expose-headers']).toContain(name);
    }
  }
  const preflight = (origin: string, method: string) =>
    api.send({
      method: 'OPTIONS',
      path: `/api/conversations/${id}`,
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'content-type',
      },
    });
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers } = await preflight(client, method);
    expect([status, headers['access-control-allow-origin']]).toEqual([204, client]);
    expect(headers['access-control-allow-methods']).toContain(method);
    expect(headers['access-control-allow-headers']).toContain('content-type');
  }
  const foreign = await preflight('https://evil.example', 'PATCH');
  expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
  for (const path of ['/api/conversations', '/api/projects/%zz']) {
    const read = await api.get(path, { origin: 'null' });
    expect([path, read.headers['access-control-allow-origin'], read.headers.vary]).toEqual([
      path,
      undefined,
      'Origin',
    ]);
  }
});

it('2.1 3.4 has no error for an OPTIONS that is no preflight', async () => {
  const api = new ApiClient(open.url);
  for (const headers of [{}, { origin: client }] as Record<string, string>[]) {
    const { status, text } = await api.send({ method: 'OPTIONS', path: '/api/conversations', headers });
    expect([status, text]).toEqual([204, '']);
  }
});

it('is not started off loopback without a token', async () => {
  const start = startServer({ role: 'api', env: { ...mode.env, HOST: '0.0.0.0' } });
  await expect(start).rejects.toThrow(/CHATLOG_TOKEN/);
});
