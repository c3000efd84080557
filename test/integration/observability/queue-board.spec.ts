import { ApiClient } from '../../support/api-client.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startServer, type TestServer } from '../../support/server.js';

jest.setTimeout(90_000);

const tokens = {
  CHATLOG_TOKEN: 'a-token-of-ours',
  CHATLOG_ADMIN_TOKEN: 'a-token-of-admins',
  CHATLOG_ADMIN_READ_TOKEN: 'a-token-of-watchers',
};
const board = '/admin/queues';

let mode: TestMode;
let closed: TestServer;
let open: TestServer;

beforeAll(async () => {
  mode = await startMode();
  closed = await startServer({ role: 'api', env: { ...mode.env, ...tokens } });
  open = await startServer({ role: 'api', env: mode.env });
});

afterAll(async () => {
  await Promise.all([closed?.stop(), open?.stop()]);
  await mode?.stop();
});

const as = (token: string) => new ApiClient(closed.url, { authorization: `Bearer ${token}` });

it('12.4 shows the queues to whoever may see how the service stands', async () => {
  const watcher = as(tokens.CHATLOG_ADMIN_READ_TOKEN);
  const page = await watcher.get(board);
  expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
  expect(page.text).toContain('LOL Chat Log');
  const script = /src="?([^" >]+\.js)/.exec(page.text)?.[1] ?? '';
  const asset = await watcher.get(new URL(script, `${closed.url}${board}/`).pathname);
  expect([asset.status, asset.headers['content-type']]).toEqual([200, expect.stringContaining('javascript')]);
  const { status, json } = await watcher.get(`${board}/api/queues?activeQueue=turns&page=1`);
  expect(status).toBe(200);
  expect(json.queues.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(['turns', 'project']),
  );
});

it('12.4 lets a browser send the token as a password', async () => {
  const authorization = `Basic ${Buffer.from(`any:${tokens.CHATLOG_ADMIN_READ_TOKEN}`).toString('base64')}`;
  expect((await new ApiClient(closed.url, { authorization }).get(board)).status).toBe(200);
  const bare = await new ApiClient(closed.url).get(board);
  expect([bare.status, bare.headers['www-authenticate']]).toEqual([401, expect.stringMatching(/^Basic/)]);
});

it.each([board, `${board}/`, '//admin//queues', `${board}/api/queues`, `${board}/static/js/any.js`])(
  'refuses %s without the scope',
  async (path) => {
    for (const [api, status, code] of [
      [new ApiClient(closed.url), 401, 'token_required'],
      [as('not-a-token'), 401, 'token_invalid'],
      [as(tokens.CHATLOG_TOKEN), 403, 'forbidden_scope'],
    ] as const) {
      const answer = await api.get(path);
      expect([path, answer.status, answer.json?.code]).toEqual([path, status, code]);
      expect((await api.send({ method: 'HEAD', path })).status).toBe(status);
    }
    const foreign = await new ApiClient(open.url).get(path, { host: 'evil.example' });
    expect([path, foreign.status, foreign.json?.code]).toEqual([path, 403, 'host_not_allowed']);
  },
);

it('12.4 lets nobody touch a queue without the scope to write', async () => {
  const pause = `${board}/api/queues/turns/pause`;
  for (const token of [tokens.CHATLOG_ADMIN_READ_TOKEN, tokens.CHATLOG_TOKEN]) {
    const { status, json } = await as(token).send({ method: 'PUT', path: pause });
    expect([status, json.code]).toEqual([403, 'forbidden_scope']);
  }
  const planted = await new ApiClient(open.url).send({
    method: 'PUT',
    path: pause,
    headers: { origin: 'http://evil.example' },
  });
  expect([planted.status, planted.json.code]).toEqual([403, 'origin_not_allowed']);
  const admin = as(tokens.CHATLOG_ADMIN_TOKEN);
  expect((await admin.send({ method: 'PUT', path: pause })).status).toBe(200);
  expect((await admin.send({ method: 'PUT', path: `${board}/api/queues/turns/resume` })).status).toBe(200);
});
