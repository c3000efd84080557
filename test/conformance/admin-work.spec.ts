import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type ApiAnswer, type ApiClient } from '../support/api-client.js';
import { ConformanceServer } from '../support/conformance-server.js';
import { until } from '../support/until.js';

/** docs/protocol.md, section 20, where workers do what is asked for. */
jest.setTimeout(120_000);

let whole: ConformanceServer;
let api: ApiClient;
/** A conversation with one turn. */
let id: string;

beforeAll(async () => {
  whole = await ConformanceServer.start();
  ({ api } = whole);
  id = await whole.conversation();
  await whole.turn(id, 'hello');
});
afterAll(() => whole?.stop());

/** Resolves with the rebuild once it is over. */
async function over(rebuildId: string): Promise<Record<string, unknown>> {
  let rebuild: Record<string, unknown> = {};
  await until(async () => {
    rebuild = (await api.get(`/api/admin/rebuilds/${rebuildId}`)).json;
    return ['done', 'failed', 'cancelled'].includes(String(rebuild.status));
  });
  return rebuild;
}

async function rebuild(name: string, body: object = {}): Promise<ApiAnswer> {
  return api.post(`/api/admin/projections/${name}/rebuild`, body);
}

const live = (all: { generations: { status: string; generation: number }[] }[]) =>
  all.map(({ generations }) => generations.find(({ status }) => status === 'live')?.generation);
const verify = (name: string, body?: object) => api.post(`/api/admin/projections/${name}/verify`, body);

it('20.4 proves a dry run, and changes nothing', async () => {
  const before = (await api.get('/api/admin/projections')).json;
  const started = await rebuild('messages', { dryRun: true });
  expect(await over(started.json.id)).toMatchObject({
    status: 'done',
    differing: 0,
    dryRun: true,
  });
  expect((await api.get(`/api/admin/rebuilds/${started.json.id}/differences`)).json).toEqual([]);
  expect(live((await api.get('/api/admin/projections')).json)).toEqual(live(before));
});

it('20.3 20.8 rebuilds all while reads go on, and goes back', async () => {
  const read = async () => (await api.get(`/api/conversations/${id}/messages`)).json;
  const before = await read();
  const started = await rebuild('all');
  expect([started.status, started.headers.location]).toEqual([202, '/api/admin/rebuilds']);
  expect(started.json.length).toBeGreaterThan(3);
  for (const one of started.json) {
    expect(await over(one.id)).toMatchObject({ status: 'done', differing: 0 });
    expect(await read()).toEqual(before);
  }
  const messages = started.json.find((one: { projection: string }) => one.projection === 'messages');
  const back = await api.post('/api/admin/projections/messages/rollback');
  expect(back).toMatchObject({
    status: 200,
    json: { from: messages.generation, to: messages.liveGeneration, rebuild: null },
  });
  expect(await read()).toEqual(before);
});

it('20.6 20.7 names the rows that someone has changed, and puts them right once told to', async () => {
  const read = async () => (await api.get(`/api/conversations/${id}`)).json;
  const before = await read();
  const changed = new Client({ connectionString: whole.mode.databaseUrl });
  await changed.connect();
  await changed.query(`update conversations set title = '"changed by hand"' where valid_to is null`);
  await changed.end();
  const started = await rebuild('conversations');
  const waiting = async () => (await api.get(`/api/admin/rebuilds/${started.json.id}`)).json;
  await until(async () => (await waiting()).status === 'awaiting_acceptance');
  const { status, json } = await api.get(`/api/admin/rebuilds/${started.json.id}/differences`);
  expect(status).toBe(200);
  expect(json).toContainEqual({ streamId: id, against: 'live', difference: expect.anything() });
  expect(JSON.stringify(json)).toContain('changed by hand');
  expect((await api.post(`/api/admin/rebuilds/${started.json.id}/accept`)).status).toBe(200);
  expect((await over(started.json.id)).status).toBe('done');
  expect(await read()).toEqual(before);
});

it('20.9 makes the rows of one conversation anew', async () => {
  const { status, json } = await api.post(`/api/admin/conversations/${id}/rebuild`);
  expect(status).toBe(200);
  expect(json).toContainEqual({ projection: 'messages', generation: expect.any(Number), changed: false });
  const one = await api.post(`/api/admin/conversations/${id}/rebuild`, { projection: 'messages' });
  expect(one.json.every(({ projection }: { projection: string }) => projection === 'messages')).toBe(true);
  expect(await api.post(`/api/admin/conversations/${randomUUID()}/rebuild`)).toMatchObject({
    status: 404,
  });
});

it('20.10 verifies a sample, and one conversation', async () => {
  expect(await verify('all', { conversationId: id, deep: true })).toMatchObject({
    status: 200,
    json: { streams: 1, clean: true, aborted: false, findings: [] },
  });
  expect(await verify('messages', { sample: 5 })).toMatchObject({ json: { clean: true, streams: 5 } });
  expect(await verify('all', { conversationId: randomUUID() })).toMatchObject({
    json: { clean: false, found: { stream_absent: 1 }, findings: [{ kind: 'stream_absent' }] },
  });
  expect(await verify('nonsense')).toMatchObject({ status: 404, json: { code: 'not_found' } });
  expect(await verify('all', { sample: 1_001 })).toMatchObject({ status: 400, json: { field: 'sample' } });
});

it('20.12 keeps the record of all of it', async () => {
  const { json } = await api.get('/api/admin/audit?limit=1000');
  const seqs = json.map(({ seq }: { seq: number }) => seq);
  expect(seqs).toEqual(seqs.map((_: number, index: number) => seqs.length - index));
  const done = json.filter(({ outcome }: { outcome: string }) => outcome === 'done');
  for (const action of ['rebuild', 'rollback', 'repair', 'verify'])
    expect(done).toContainEqual(
      expect.objectContaining({ action, by: { userId: 'owner', via: 'api', credential: 'none' } }),
    );
  expect(json).toContainEqual(
    expect.objectContaining({ action: 'verify', target: 'nonsense', outcome: 'failed' }),
  );
  const page = await api.get('/api/admin/audit?limit=2');
  expect(page.json).toEqual(json.slice(0, 2));
  expect(page.headers.link).toBe(`</api/admin/audit?before=${json[1].seq}&limit=2>; rel="next"`);
  const last = await api.get('/api/admin/audit?limit=2&before=3');
  expect([last.json, last.headers.link]).toEqual([json.slice(-2), undefined]);
});

it('20.13 shows the processes', async () => {
  const { json } = await api.get('/api/admin/processes');
  expect(json).toContainEqual(expect.objectContaining({ role: 'all', pid: whole.server.pid }));
});
