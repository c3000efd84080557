import { randomUUID } from 'node:crypto';
import { AdminServer } from '../support/admin-server.js';
import { ApiClient, type ApiAnswer } from '../support/api-client.js';
import { startServer } from '../support/server.js';
import { readStream } from '../support/sse-client.js';

/** docs/protocol.md, sections 20.3, 20.5 and 20.6, where nobody works on a rebuild. */
jest.setTimeout(120_000);

let still: AdminServer;
let admin: ApiClient;
let watcher: ApiClient;

beforeAll(async () => {
  still = await AdminServer.start();
  ({ admin, watcher } = still);
});
afterAll(() => still?.stop());

async function rebuild(api: ApiClient, name: string, body: object = {}): Promise<ApiAnswer> {
  return api.post(`/api/admin/projections/${name}/rebuild`, body);
}

describe('a rebuild that nobody works on', () => {
  let id: string;
  beforeEach(async () => {
    const { status, json, headers } = await rebuild(admin, 'messages', { dryRun: true });
    expect([status, headers.location]).toEqual([202, `/api/admin/rebuilds/${json.id}`]);
    id = json.id;
  });
  afterEach(async () => {
    await admin.post(`/api/admin/rebuilds/${id}/cancel`);
  });

  it('20.3 is the only one of its projection', async () => {
    const second = await rebuild(admin, 'messages');
    expect(second).toMatchObject({ status: 409, json: { code: 'rebuild_running', rebuildId: id } });
    const before = (await admin.get('/api/admin/rebuilds?limit=1000')).json.length;
    const all = await rebuild(admin, 'all');
    expect(all).toMatchObject({ status: 409, json: { code: 'rebuild_running', rebuildId: id } });
    const after = (await admin.get('/api/admin/rebuilds?limit=1000')).json as {
      id: string;
      status: string;
    }[];
    const open = after.filter(({ status }) => status === 'running');
    expect(open.map((one) => one.id)).toEqual([id]);
    expect(after.length).toBeGreaterThanOrEqual(before);
    const { json } = await watcher.get('/api/admin/projections');
    expect(json).toContainEqual(expect.objectContaining({ projection: 'messages', rebuildId: id }));
  });

  it('20.3 refuses what is no projection, and what makes no sense', async () => {
    expect(await rebuild(admin, 'nonsense')).toMatchObject({ status: 404, json: { code: 'not_found' } });
    expect(await rebuild(admin, 'NONSENSE!')).toMatchObject({ status: 400, json: { code: 'invalid_name' } });
    const both = await rebuild(admin, 'moments', { dryRun: true, acceptDiff: true });
    expect(both).toMatchObject({ status: 400, json: { code: 'contradiction', field: 'acceptDiff' } });
  });

  it('20.6 is paused, goes on, and is cancelled once', async () => {
    const step = (name: string) => admin.post(`/api/admin/rebuilds/${id}/${name}`);
    expect(await step('pause')).toMatchObject({ status: 200, json: { id, status: 'paused' } });
    expect(await step('pause')).toMatchObject({ status: 409, json: { code: 'rebuild_not_possible' } });
    expect(await step('resume')).toMatchObject({ status: 200, json: { status: 'running' } });
    expect(await step('accept')).toMatchObject({ status: 409, json: { code: 'rebuild_not_possible' } });
    const ofProjection = (name: string) => admin.post(`/api/admin/projections/messages/${name}`);
    expect(await ofProjection('pause')).toMatchObject({ status: 200, json: { id, status: 'paused' } });
    expect(await ofProjection('resume')).toMatchObject({ status: 200, json: { id, status: 'running' } });
    expect(await step('cancel')).toMatchObject({ status: 200, json: { status: 'cancelled' } });
    expect(await step('cancel')).toMatchObject({ status: 409 });
    expect(await ofProjection('pause')).toMatchObject({
      status: 409,
      json: { code: 'rebuild_not_possible' },
    });
    expect(await admin.post(`/api/admin/rebuilds/${randomUUID()}/pause`)).toMatchObject({ status: 404 });
  });

  it('20.5 is followed until it is over', async () => {
    const request = { path: `/api/admin/rebuilds/${id}`, headers: { accept: 'text/event-stream' } };
    const { frames, ended } = await readStream(watcher, request, ({ json }) => {
      const { status } = json as { status: string };
      if (status === 'running') void admin.post(`/api/admin/rebuilds/${id}/pause`);
      if (status === 'paused') void admin.post(`/api/admin/rebuilds/${id}/cancel`);
      return false;
    });
    expect(ended).toBe(true);
    expect(frames.map(({ event }) => event)).toEqual(frames.map(() => 'rebuild'));
    expect(frames.map(({ json }) => (json as { status: string }).status)).toEqual([
      'running',
      'paused',
      'cancelled',
    ]);
    expect(frames[0]?.json).toMatchObject({ id, rate: expect.any(Number), etaSeconds: null });
  });

  it('4.1 20.3 is begun once by requests with one key, at once and later', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const start = () => admin.post('/api/admin/projections/moments/rebuild', { dryRun: true }, key);
    const answers = [...(await Promise.all([start(), start(), start()])), await start()];
    const [first] = answers;
    for (const { status, json } of answers) expect([status, json]).toEqual([202, first?.json]);
    const other = await admin.post('/api/admin/projections/moments/rebuild', {}, key);
    expect(other).toMatchObject({ status: 422, json: { code: 'idempotency_key_reused' } });
    await admin.post(`/api/admin/rebuilds/${first?.json.id}/cancel`);
  });
});

it('8.8 20.5 ends the stream of a rebuild with a hint when the server stops', async () => {
  const own = await startServer({ role: 'api', env: still.mode.env });
  const api = new ApiClient(own.url);
  const { json } = await rebuild(api, 'projects', { dryRun: true });
  const request = { path: `/api/admin/rebuilds/${json.id}`, headers: { accept: 'text/event-stream' } };
  let stopping: Promise<unknown> | undefined;
  const { frames, ended } = await readStream(api, request, () => {
    stopping ??= own.stop();
    return false;
  });
  expect(ended).toBe(true);
  expect(frames.at(-1)).toMatchObject({ event: 'closing', raw: expect.stringMatching(/^retry: \d+/) });
  expect(await stopping).toBe(0);
  await admin.post(`/api/admin/rebuilds/${json.id}/cancel`);
});
