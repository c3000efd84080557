import { randomUUID } from 'node:crypto';
import { Database } from '#platform';
import { AdminServer } from '../support/admin-server.js';
import { ApiClient } from '../support/api-client.js';

/** docs/protocol.md, sections 3.5, 3.6, 20.2 and 20.11. */
jest.setTimeout(120_000);

let still: AdminServer;
let everyone: ApiClient;
let admin: ApiClient;
let watcher: ApiClient;

beforeAll(async () => {
  still = await AdminServer.start();
  ({ everyone, admin, watcher } = still);
});
afterAll(() => still?.stop());

type Route = { method: string; path: string };

async function routes(): Promise<Route[]> {
  const { json } = await everyone.get('/openapi.json');
  return Object.entries(json.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace('{name}', 'messages').replaceAll(/\{\w+\}/g, randomUUID()),
    })),
  );
}

const isAdmin = ({ path }: Route) => path.startsWith('/api/admin');
const send = (api: ApiClient, { method, path }: Route) =>
  api.send({ method, path, body: method === 'GET' ? undefined : {} });

function forbidden(scope: string) {
  return {
    status: 403,
    json: expect.objectContaining({ code: 'forbidden_scope', field: 'Authorization', scope }),
  };
}

const idOf = (streamId: string | undefined) => `messages.1.${streamId}`;
const listed = async () => (await watcher.get('/api/admin/parked')).json.map(({ id }: { id: string }) => id);

describe('scopes', () => {
  it('3.5 20.1 refuses every administration to a token that is none for it, in every spelling', async () => {
    const all = (await routes()).filter(isAdmin);
    expect(all.length).toBeGreaterThan(15);
    for (const route of all) {
      const scope = route.method === 'GET' ? 'admin:read' : 'admin:write';
      for (const path of [route.path, `${route.path}/`, route.path.replaceAll('/', '//')])
        expect([path, await send(everyone, { ...route, path })]).toEqual([
          path,
          expect.objectContaining(forbidden(scope)),
        ]);
      if (scope === 'admin:read') {
        const head = await everyone.send({ method: 'HEAD', path: route.path });
        expect([route.path, head.status]).toEqual([route.path, 403]);
      }
    }
  });

  it('3.6 lets a watcher see, and nothing else', async () => {
    for (const route of (await routes()).filter((one) => !one.path.includes('/health'))) {
      const { status, json } = await send(watcher, route);
      if (isAdmin(route) && route.method === 'GET')
        expect([route.path, [401, 403].includes(status)]).toEqual([route.path, false]);
      else expect([route.path, json?.code]).toEqual([route.path, 'forbidden_scope']);
    }
    expect((await watcher.get('/api/admin/projections')).status).toBe(200);
  });

  it('3.6 keeps reading and writing for the token of everyone', async () => {
    expect((await everyone.post('/api/conversations', {})).status).toBe(201);
    expect((await everyone.get('/api/conversations')).status).toBe(200);
    expect((await admin.get('/api/conversations')).status).toBe(200);
    expect((await new ApiClient(still.server.url).get('/api/admin/projections')).json.code).toBe(
      'token_required',
    );
  });
});

describe('parked streams', () => {
  let database: Database;
  let ids: string[];

  beforeAll(async () => {
    database = await Database.connect({ url: still.mode.databaseUrl });
    const created = await Promise.all([1, 2, 3].map(() => admin.post('/api/conversations', {})));
    ids = created.map(({ json }) => json.id);
  });
  beforeEach(async () => {
    for (const [index, id] of ids.entries())
      await database.query(
        `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, event_type, error,
           fingerprint, attempts, parked_at)
         values ('messages', 1, $1, 'local', 'x', 1, 'MessagePosted', 'broken', $2, 3, now() - $3 * interval '1 minute')
         on conflict do nothing`,
        [id, index < 2 ? 'same' : 'other', index],
      );
  });
  afterAll(() => database?.end());

  it('5.2 5.3 20.11 are listed newest first, in pages', async () => {
    const first = await watcher.get('/api/admin/parked?limit=2');
    expect(first.json).toMatchObject([
      { id: idOf(ids[0]), projection: 'messages', generation: 1, streamId: ids[0], seq: 1, error: 'broken' },
      { id: idOf(ids[1]), attempts: 3, fingerprint: 'same' },
    ]);
    const next = /^<([^>]+)>; rel="next"$/.exec(first.headers.link as string)?.[1] ?? '';
    const rest = await watcher.get(next);
    expect([rest.json.length, rest.json[0].id, rest.headers.link]).toEqual([1, idOf(ids[2]), undefined]);
    const foreign = await watcher.get(`${next}&fingerprint=same`);
    expect(foreign).toMatchObject({ status: 400, json: { code: 'invalid_cursor', field: 'after' } });
    expect((await watcher.get('/api/admin/parked?fingerprint=other')).json).toMatchObject([
      { id: idOf(ids[2]) },
    ]);
  });

  it('20.2 20.11 are counted, and grouped by their fault', async () => {
    const { json } = await watcher.get('/api/admin/parked/groups');
    expect(json).toMatchObject([
      {
        fingerprint: 'same',
        projection: 'messages',
        count: 2,
        example: { id: idOf(ids[0]), error: 'broken' },
      },
      { fingerprint: 'other', count: 1, example: { id: idOf(ids[2]) } },
    ]);
    const reports = (await watcher.get('/api/admin/projections')).json;
    expect(reports).toContainEqual(expect.objectContaining({ projection: 'messages', parked: 3 }));
    expect(reports).toContainEqual(
      expect.objectContaining({
        projection: 'conversations',
        kind: 'conversation',
        parked: 0,
        atLeast: false,
      }),
    );
  });

  it('20.11 are tried again one by one, by their fault, or all', async () => {
    const one = () => admin.post(`/api/admin/parked/${idOf(ids[0])}/retry`);
    expect(await one()).toMatchObject({ status: 200, json: { retried: 1 } });
    expect(await one()).toMatchObject({ status: 404, json: { code: 'not_found' } });
    expect(await listed()).toEqual([idOf(ids[1]), idOf(ids[2])]);
    const retry = (body?: object) => admin.post('/api/admin/parked/retry', body);
    expect(await retry({ fingerprint: 'same' })).toMatchObject({ status: 200, json: { retried: 1 } });
    expect(await listed()).toEqual([idOf(ids[2])]);
    expect(await retry()).toMatchObject({ status: 200, json: { retried: 1 } });
    expect(await listed()).toEqual([]);
    const wrong = await admin.post('/api/admin/parked/messages/retry');
    expect(wrong).toMatchObject({ status: 400, json: { code: 'invalid_id', field: 'id' } });
  });
});
