import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { ConformanceServer } from '../support/conformance-server.js';
import { headerAlone } from '../support/header-alone.js';
import { lolScript } from '../support/lol-script.js';

/** docs/protocol.md, sections 14 and 15. */
jest.setTimeout(60_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start({}, lolScript);
});

afterAll(() => chat?.stop());

const filesOf = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([path, content]) => [path, { content }]));
const put = (id: string, texts: Record<string, string>, headers?: Record<string, string>) =>
  chat.api.send({ method: 'PUT', path: `/api/projects/${id}`, body: { files: filesOf(texts) }, headers });

const first = { 'index.html': '<h1>One</h1>\n', 'style.css': 'h1 {}\n', 'gone.js': 'bye()\n' };
const second = { 'index.html': '<h1>Two</h1>\n', 'main.css': 'h1 {}\n', 'new.js': 'hi()\n' };

/** A project with two versions. */
async function project(): Promise<string> {
  const body = { title: 'Page', files: filesOf(first) };
  const { json } = await chat.api.post('/api/projects', body);
  expect((await put(json.id, second)).json.version).toBe(2);
  return json.id;
}

const linkOf = (headers: Record<string, unknown>) => /<([^>]+)>; rel="next"/.exec(String(headers.link))?.[1];

it('14.1 lists projects without their files, newest first, by links', async () => {
  const ids = [await project(), await project(), await project()].toReversed();
  const seen: string[] = [];
  for (let path: string | undefined = '/api/projects?limit=2'; path;) {
    const { json, headers } = await chat.api.get(path);
    for (const one of json) expect(one).toMatchObject({ title: expect.any(String), version: 2 });
    for (const one of json) expect(Object.keys(one)).not.toContain('files');
    seen.push(...json.map(({ id }: { id: string }) => id));
    path = linkOf(headers);
  }
  expect(seen.slice(0, 3)).toEqual(ids);
  expect(new Set(seen).size).toBe(seen.length);
});

const big = 'x'.repeat(1024 * 1024 + 1);
describe('14.4 refuses, and leaves the project as it was:', () => {
  let id: string;
  let before: string;
  beforeAll(async () => {
    id = await project();
    before = (await chat.api.get(`/api/projects/${id}`)).text;
  });
  it.each<[string, Record<string, string>, string]>([
    ['a path upwards', { '../x': '' }, 'invalid_path'],
    ['an absolute path', { '/etc/passwd': '' }, 'invalid_path'],
    ['an empty part', { 'a//b': '' }, 'invalid_path'],
    ['a control character', { 'a\tb': '' }, 'invalid_path'],
    ['256 bytes', { ['é'.repeat(128)]: '' }, 'invalid_path'],
    ['a file that is a folder', { a: '', 'a/b': '' }, 'path_clash'],
    ['a large file', { 'a.txt': big }, 'file_too_large'],
    ['501 files', Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`f${i}`, ''])), 'too_many_files'],
    [
      '21 MiB',
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`f${i}`, 'x'.repeat(1024 * 1024)])),
      'project_too_large',
    ],
  ])('%s', async (_, texts, code) => {
    const { status, json } = await put(id, texts);
    expect([status >= 400 && status < 500, json.code]).toEqual([true, code]);
    expect(json.field).toMatch(/^files/);
    expect((await chat.api.get(`/api/projects/${id}`)).text).toBe(before);
  });
});

it('14.4 1.6 takes 20 MiB of files, and no larger body elsewhere', async () => {
  const texts = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`f${i}.txt`, '\n'.repeat(1024 * 1024)]),
  );
  const id = await project();
  const { status, json } = await put(id, texts);
  expect([status, Object.keys(json.files).length]).toEqual([200, 20]);
  const elsewhere = await chat.api.post('/api/conversations', { title: 'x'.repeat(1024 * 1024) });
  expect([elsewhere.status, elsewhere.json.code]).toEqual([413, 'body_too_large']);
  const length = String(42 * 1024 * 1024 + 1);
  const headers = { 'content-type': 'application/json', 'content-length': length };
  const beyond = await headerAlone(chat.api.url, { method: 'PUT', path: `/api/projects/${id}`, headers });
  expect(beyond).toEqual({ status: 413, code: 'body_too_large' });
});

it('14.2 4.1 makes one project of a repeat, and shows what the first answer showed', async () => {
  const key = { 'idempotency-key': 'one-project' };
  const body = { title: 'Once', files: filesOf(first) };
  const made = await chat.api.post('/api/projects', body, key);
  await put(made.json.id, second);
  const again = await chat.api.post('/api/projects', body, key);
  expect([again.status, again.json]).toEqual([201, made.json]);
  const other = await chat.api.post('/api/projects', { title: 'Other' }, key);
  expect([other.status, other.json.code]).toEqual([422, 'idempotency_key_reused']);
  const write = { 'idempotency-key': 'one-put' };
  const third = await put(made.json.id, { 'a.html': '3' }, write);
  await put(made.json.id, first);
  expect((await put(made.json.id, { 'a.html': '3' }, write)).json).toEqual(third.json);
});

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
  const rest = await chat.api.get(linkOf(page.headers)!);
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

it('9.7 19.2 shows a large tool result by its beginning, and whole where the message is read alone or exported', async () => {
  const id = await project();
  const long = Array.from({ length: 5_000 }, (_, n) => `line ${n} of a long file`).join('\n');
  await put(id, { 'index.html': long });
  const conversationId = await chat.conversation({ projectId: id });
  await chat.turn(conversationId, 'look');
  const path = `/api/conversations/${conversationId}/messages`;
  const row = (await chat.api.get(path)).json.find(({ role }: { role: string }) => role === 'tool');
  expect(row.toolResult.length).toBeLessThan(40_000);
  const { sha256, size } = row.metadata.resultBlob;
  const whole = (await chat.api.get(`${path}/${row.id}`)).json;
  expect(whole).toEqual({ ...row, toolResult: whole.toolResult });
  expect(whole.toolResult.split('\n').at(-1)).toBe('  5000\tline 4999 of a long file');
  const json = JSON.stringify(whole.toolResult);
  expect([sha256, size]).toEqual([createHash('sha256').update(json).digest('hex'), Buffer.byteLength(json)]);
  const exported = `/api/conversations/${conversationId}/export`;
  expect((await chat.api.get(`${exported}?format=json`)).json.messages).toContainEqual(whole);
  expect((await chat.api.get(exported)).text).toContain('\n  5000\tline 4999 of a long file\n');
  for (const resultBlob of [{ sha256: 'f'.repeat(64) }, { sha256: '../x' }, 'x', null]) {
    await chat.api.patch(`/api/messages/${row.id}`, { metadata: { resultBlob } });
    expect((await chat.api.get(`${path}/${row.id}`)).json.toolResult).toBe(row.toolResult);
  }
});
