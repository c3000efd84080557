import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { ConformanceServer } from '../support/conformance-server.js';
import { lolScript } from '../support/lol-script.js';
import { first, nextPage, projectOfTwoVersions, putFiles, second } from '../support/test-projects.js';

/** docs/protocol.md, section 15. */
jest.setTimeout(60_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start({}, lolScript);
});

afterAll(() => chat?.stop());

const put = (id: string, texts: Record<string, string>) => putFiles(chat, id, texts);
const project = () => projectOfTwoVersions(chat);

it('15.1 15.2 lists versions newest first, by links', async () => {
  const id = await project();
  await put(id, first);
  const page = await chat.api.get(`/api/projects/${id}/versions?limit=2`);
  expect(page.json.map(({ version }: { version: number }) => version)).toEqual([3, 2]);
  for (const version of page.json) {
    expect(version).toMatchObject({
      projectId: id,
      seq: expect.any(Number),
      starred: false,
      createdAt: expect.any(String),
    });
  }
  const rest = await chat.api.get(nextPage(page.headers)!);
  expect(rest.json.map(({ version }: { version: number }) => version)).toEqual([1]);
  expect(rest.headers.link).toBeUndefined();
});

it('15.1 names the turn that made a version', async () => {
  const conversationId = await chat.conversation();
  await chat.turn(conversationId, 'build');
  const { projectId, seq } = (await chat.api.get(`/api/conversations/${conversationId}`)).json;
  const { json } = await chat.api.get(`/api/projects/${projectId}/versions`);
  expect(json).toEqual([
    expect.objectContaining({ version: 1, conversationId, conversationSeq: seq, outcome: 'completed' }),
  ]);
});

it('15.3 reads a version whole, or one file of it', async () => {
  const id = await project();
  const whole = await chat.api.get(`/api/projects/${id}/versions/1`);
  expect(whole.status).toBe(200);
  expect(whole.json).toMatchObject({ projectId: id, version: 1, compiled: expect.stringContaining('One') });
  expect(Object.keys(whole.json.files)).toEqual(['gone.js', 'index.html', 'style.css']);
  const file = await chat.api.get(`/api/projects/${id}/versions/1?path=gone.js`);
  expect(file.json).toEqual({
    projectId: id,
    version: 1,
    path: 'gone.js',
    content: 'bye()\n',
    type: 'javascript',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    size: 6,
  });
  for (const path of ['versions/3', 'versions/2?path=gone.js', 'versions/1?path=constructor'])
    expect((await chat.api.get(`/api/projects/${id}/${path}`)).status).toBe(404);
  for (const n of ['0', 'x', '1.5', '-1'])
    expect((await chat.api.get(`/api/projects/${id}/versions/${n}`)).json.code).toBe('invalid_version');
});

it('15.4 compares versions, structured and unified', async () => {
  const id = await project();
  const { status, json } = await chat.api.get(`/api/projects/${id}/diff?from=1&to=2`);
  expect(status).toBe(200);
  expect(json).toMatchObject({ projectId: id, from: 1, to: 2 });
  const brief = json.files.map(({ path, oldPath, status: what, additions, deletions }: never) => ({
    path,
    oldPath,
    what,
    additions,
    deletions,
  }));
  expect(brief).toEqual(
    expect.arrayContaining([
      { path: 'index.html', what: 'modified', additions: 1, deletions: 1 },
      { path: 'main.css', oldPath: 'style.css', what: 'renamed', additions: 0, deletions: 0 },
      { path: 'new.js', what: 'added', additions: 1, deletions: 0 },
      { path: 'gone.js', what: 'deleted', additions: 0, deletions: 1 },
    ]),
  );
  expect(brief).toHaveLength(4);
  const page = json.files.find(({ path }: { path: string }) => path === 'index.html');
  expect(page.hunks).toEqual([
    { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: ['-<h1>One</h1>', '+<h1>Two</h1>'] },
  ]);
  const unified = await chat.api.get(`/api/projects/${id}/diff?from=1&to=2&format=unified`);
  expect(unified.headers['content-type']).toBe('text/x-diff; charset=utf-8');
  expect(unified.text).toContain('-<h1>One</h1>\n+<h1>Two</h1>');
  expect((await chat.api.get(`/api/projects/${id}/diff?from=2&to=2`)).json.files).toEqual([]);
  expect((await chat.api.get(`/api/projects/${id}/diff?from=1&to=9`)).status).toBe(404);
  expect((await chat.api.get(`/api/projects/${id}/diff?from=1`)).json.field).toBe('to');
  const other = await chat.api.get(`/api/projects/${id}/diff?from=1&to=2&format=html`);
  expect([other.status, other.json.code]).toEqual([400, 'invalid_format']);
});

it('15.5 names and stars a version, and takes the name away', async () => {
  const id = await project();
  const path = `/api/projects/${id}/versions/1`;
  const named = await chat.api.patch(path, { name: 'The first', starred: true });
  expect([named.status, named.json]).toEqual([
    200,
    expect.objectContaining({ version: 1, name: 'The first', starred: true }),
  ]);
  const list = (await chat.api.get(`/api/projects/${id}/versions`)).json;
  expect(list[1]).toEqual(named.json);
  const bare = await chat.api.patch(path, { name: null });
  expect(bare.json.name).toBeUndefined();
  expect(bare.json.starred).toBe(true);
  expect((await chat.api.patch(`/api/projects/${id}/versions/7`, { starred: true })).status).toBe(404);
  expect((await chat.api.patch(path, {})).json.code).toBe('nothing_to_change');
});

it('15.6 restores a version as a new one, and undoes that', async () => {
  const id = await project();
  const path = `/api/projects/${id}/restore`;
  const restored = await chat.api.post(path, { version: 1 });
  expect([restored.status, restored.json.version]).toEqual([200, 3]);
  expect(restored.json.files).toEqual((await chat.api.get(`/api/projects/${id}/versions/1`)).json.files);
  const undone = await chat.api.post(path, { version: 2 });
  expect(undone.json.version).toBe(4);
  expect(undone.json.files).toEqual((await chat.api.get(`/api/projects/${id}/versions/2`)).json.files);
  const versions = (await chat.api.get(`/api/projects/${id}/versions`)).json;
  expect(versions.map((one: Record<string, unknown>) => [one.version, one.restoredFrom])).toEqual([
    [4, 2],
    [3, 1],
    [2, undefined],
    [1, undefined],
  ]);
  const absent = await chat.api.post(path, { version: 9 });
  expect([absent.status, absent.json.code]).toEqual([404, 'not_found']);
});

it('15.7 forks a project at a version', async () => {
  const id = await project();
  const forked = await chat.api.post(`/api/projects/${id}/fork`, { version: 1, title: 'Fork' });
  expect(forked.status).toBe(201);
  expect(forked.headers.location).toBe(`/api/projects/${forked.json.id}`);
  expect(forked.json).toMatchObject({ title: 'Fork', forkedFrom: { projectId: id, version: 1 } });
  expect(forked.json.files).toEqual((await chat.api.get(`/api/projects/${id}/versions/1`)).json.files);
  await put(forked.json.id, { 'index.html': 'mine' });
  expect(Object.keys((await chat.api.get(`/api/projects/${id}`)).json.files)).toHaveLength(3);
  expect((await chat.api.post(`/api/projects/${id}/fork`, { version: 9 })).status).toBe(404);
});

it('15.8 downloads a version as an archive, the same bytes each time', async () => {
  const id = await project();
  const bytes = async () => {
    const response = await fetch(`${chat.api.url}/api/projects/${id}/versions/1/zip`);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w .-]+\.zip"/);
    return new Uint8Array(await response.arrayBuffer());
  };
  const archive = await bytes();
  const entries = Object.entries(unzipSync(archive)).map(([path, data]) => [
    path,
    Buffer.from(data).toString(),
  ]);
  expect(Object.fromEntries(entries)).toEqual(first);
  expect(await bytes()).toEqual(archive);
});

it('15.9 gives a file as it was at any place of the log, between versions too', async () => {
  const id = await project();
  const versions = (await chat.api.get(`/api/projects/${id}/versions`)).json as {
    version: number;
    seq: number;
  }[];
  const one = versions.find(({ version }) => version === 1)!;
  const at = async (query: string) => chat.api.get(`/api/projects/${id}/files?${query}`);
  const sha256 = createHash('sha256').update(first['index.html']).digest('hex');
  expect((await at(`path=index.html&at=${one.seq}`)).json).toEqual({
    projectId: id,
    seq: one.seq,
    path: 'index.html',
    content: first['index.html'],
    type: 'html',
    sha256,
    size: 13,
  });
  expect((await at('path=index.html')).json.content).toBe(second['index.html']);
  expect((await at('path=gone.js')).status).toBe(404);
  expect((await at(`path=gone.js&at=${one.seq}`)).json.content).toBe(first['gone.js']);
  expect((await at('path=constructor')).status).toBe(404);
  // right after the first file was written there is no version yet
  expect((await at('path=index.html&at=1')).status).toBe(404);
  const [missing, odd, beyond] = [await at(''), await at('path=a&at=0'), await at('path=a&at=9999')];
  expect([missing.status, missing.json.code, missing.json.field]).toEqual([400, 'invalid_path', 'path']);
  expect([odd.status, odd.json.code, odd.json.field]).toEqual([400, 'invalid_seq', 'at']);
  expect([beyond.status, beyond.json.code]).toEqual([409, 'stream_ahead']);
});
