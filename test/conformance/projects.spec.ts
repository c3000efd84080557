import { createHash } from 'node:crypto';
import { ConformanceServer } from '../support/conformance-server.js';
import { headerAlone } from '../support/header-alone.js';
import { lolScript } from '../support/lol-script.js';
import {
  filesOf,
  first,
  nextPage,
  projectOfTwoVersions,
  putFiles,
  second,
} from '../support/test-projects.js';

/** docs/protocol.md, section 14. */
jest.setTimeout(60_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start({}, lolScript);
});

afterAll(() => chat?.stop());

const put = (id: string, texts: Record<string, string>, headers?: Record<string, string>) =>
  putFiles(chat, id, texts, headers);
const project = () => projectOfTwoVersions(chat);

it('14.1 lists projects without their files, newest first, by links', async () => {
  const ids = [await project(), await project(), await project()].toReversed();
  const seen: string[] = [];
  for (let path: string | undefined = '/api/projects?limit=2'; path;) {
    const { json, headers } = await chat.api.get(path);
    for (const one of json) expect(one).toMatchObject({ title: expect.any(String), version: 2 });
    for (const one of json) expect(Object.keys(one)).not.toContain('files');
    seen.push(...json.map(({ id }: { id: string }) => id));
    path = nextPage(headers);
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
