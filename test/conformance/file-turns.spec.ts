import type { Script } from '#assistant';
import { ConformanceServer } from '../support/conformance-server.js';
import { readEvents, type ApiEvent } from '../support/conversation-probe.js';
import { deferred } from '../support/deferred.js';
import { answers, edit, read, remove, write } from '../support/file-turns.js';

/** docs/protocol.md, section 9, from 9.8. */
jest.setTimeout(60_000);

let chat: ConformanceServer;
let script: Script;

beforeAll(async () => {
  chat = await ConformanceServer.start({}, (request, call) => script(request, call));
});

afterAll(() => chat?.stop());

/** Runs a turn of these answers; its own events. */
async function turn(id: string, ...steps: Parameters<typeof answers>): Promise<ApiEvent[]> {
  const before = (await chat.api.get(`/api/conversations/${id}`)).json.seq as number;
  script = answers(...steps);
  await chat.turn(id, 'go');
  return readEvents(chat.api, id, before);
}
const endsOf = (events: ApiEvent[]): ApiEvent[] =>
  events.filter(({ type }) => /^ToolCall(Succeeded|Failed)$/.test(type));
const sees = (events: ApiEvent[]): unknown[] => endsOf(events).map(({ data }) => data.result ?? data.code);
const versionsOf = async (projectId: string): Promise<unknown[]> =>
  (await chat.api.get(`/api/projects/${projectId}/versions`)).json as unknown[];

it('9.8 runs the calls of one answer in the order given, and makes a project with the first file', async () => {
  const id = await chat.conversation();
  expect((await chat.api.get(`/api/conversations/${id}`)).json.projectId).toBeUndefined();
  const events = await turn(id, [
    write('a.css', 'p { color: red }'),
    edit('a.css', 'red', 'blue'),
    read('a.css'),
    { tool: 'Glob', input: { pattern: '*.css' } },
    { tool: 'Grep', input: { pattern: 'blue', output_mode: 'count' } },
    write('b.js', '1'),
    remove('b.js'),
  ]);
  expect(sees(events)).toEqual([
    'Created a.css (16 bytes).',
    'Edited a.css: 1 replacement.',
    '     1\tp { color: blue }',
    'a.css',
    'a.css:1',
    'Created b.js (1 bytes).',
    'Deleted b.js.',
  ]);
  const calls = events.filter(({ type }) => type === 'ToolCallStarted').map(({ data }) => data.toolUseId);
  expect(endsOf(events).map(({ data }) => data.toolUseId)).toEqual(calls);
  const { projectId } = (await chat.api.get(`/api/conversations/${id}`)).json;
  const project = (await chat.api.get(`/api/projects/${projectId}`)).json;
  expect(project.files).toEqual({ 'a.css': { content: 'p { color: blue }', type: 'css' } });
});

it('9.9 makes one version of a turn that changed files, at its end, and none of one that did not', async () => {
  const id = await chat.conversation();
  const events = await turn(id, [write('a', '1')], [write('b', '2'), edit('a', '1', '3')]);
  const { projectId, projectVersion, projectSeq } = events.at(-1)!.data;
  expect(projectVersion).toBe(1);
  expect(projectSeq).toEqual(expect.any(Number));
  expect(await versionsOf(projectId)).toHaveLength(1);
  const looked = await turn(id, [read('a')]);
  expect(looked.at(-1)!.data).not.toHaveProperty('projectVersion');
  script = answers([read('a')], [write('a', '4')]);
  const half = deferred();
  let asked = 0;
  const steps = script;
  script = (request, call) => {
    if ((asked += 1) < 3) return steps(request, call);
    half.resolve();
    return { kind: 'hang' };
  };
  const { turnId } = (await chat.api.post(`/api/conversations/${id}/turns`, { prompt: 'go' })).json;
  await half.promise;
  expect((await chat.api.post(`/api/turns/${turnId}/cancel`)).status).toBe(200);
  expect(await versionsOf(projectId)).toHaveLength(2);
  const end = (await readEvents(chat.api, id)).at(-1)!;
  expect([end.type, end.data.projectVersion]).toEqual(['TurnCancelled', 2]);
});

it('9.10 refuses to write what the turn has not read, and edits that are not clear', async () => {
  const id = await chat.conversation();
  const first = await turn(id, [write('a', 'x x'), edit('a', 'y', 'z'), edit('a', 'x', 'z')]);
  expect(sees(first).slice(1)).toEqual(['no_match', 'no_match']);
  const { projectId } = first.at(-1)!.data;
  const steps = answers([write('a', 'mine'), read('a')], [edit('a', 'x x', 'mine'), remove('a')]);
  let asked = 0;
  const put = async (): Promise<void> => {
    const body = { files: { a: { content: 'theirs' } } };
    await chat.api.send({ method: 'PUT', path: `/api/projects/${projectId}`, body });
  };
  const before = (await chat.api.get(`/api/conversations/${id}`)).json.seq as number;
  script = async (request, call) => {
    // Between what it read and what it writes.
    if ((asked += 1) === 2) await put();
    return steps(request, call);
  };
  await chat.turn(id, 'go');
  const second = await readEvents(chat.api, id, before);
  expect(sees(second)).toEqual(['file_not_read', '     1\tx x', 'file_changed', 'file_changed']);
  for (const { type, data } of endsOf(second))
    if (type === 'ToolCallFailed') expect(data.error).toMatch(/^a /);
  const project = (await chat.api.get(`/api/projects/${projectId}`)).json;
  expect(project.files.a.content).toBe('theirs');
});

it('9.11 says with every event of a tool call which tree the conversation is at', async () => {
  const id = await chat.conversation();
  await turn(id, [write('a', '1')]);
  const events = await turn(id, [read('a'), write('a', '2')]);
  const placed = events.filter(({ type }) => /^(TurnStarted|ToolCall)/.test(type));
  const seqs = placed.map(({ data }) => data.projectSeq as number);
  expect(new Set(placed.map(({ data }) => data.projectId)).size).toBe(1);
  expect(seqs).toEqual([3, 3, 3, 3, 4]);
});
