import { fileTools, rebuildRequest, type AnswerPart } from '#assistant';
import type { RecordedEvent } from '#event-log';
import { newId } from '#model';
import {
  answers,
  dataOf,
  edit,
  read,
  remove,
  resultsOf,
  streamOf,
  treeAt,
  write,
} from '../../support/file-turns.js';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';

let bench: TurnBench;
beforeAll(async () => {
  bench = await openTurnBench({ tools: fileTools() });
});
afterAll(() => bench.close());

const principal = { tenantId: 'tenant', userId: 'user', scopes: ['*' as const] };
const context = { principal, bodySha256: '0'.repeat(64) };

/** Runs a turn of these answers; its own events. */
async function turn(streamId: string, ...steps: AnswerPart[][]): Promise<RecordedEvent[]> {
  const before = (await bench.events(streamId)).length;
  bench.use(answers(...steps));
  const turnId = await bench.ask(streamId, 'Build it.');
  expect(await bench.runner.run(streamId, turnId)).toBe('completed');
  return (await bench.soundEvents(streamId)).slice(before);
}
const projectOf = async (streamId: string): Promise<string> => (await bench.state(streamId)).projectId!;
const typesOf = async (projectId: string): Promise<string[]> =>
  (await streamOf(bench, projectId)).map(({ type }) => type);

it('makes a project with the first file, links it, and commits one version a turn', async () => {
  const streamId = await bench.conversation();
  const events = await turn(
    streamId,
    [{ text: 'A page.' }, write('index.html', '<h1>Hi</h1>'), write('site.css', 'h1 {}')],
    [edit('index.html', 'Hi', 'Hello')],
  );
  expect(resultsOf(events)).toEqual([
    'Created index.html (11 bytes).',
    'Created site.css (5 bytes).',
    'Edited index.html: 1 replacement.',
  ]);
  const projectId = await projectOf(streamId);
  expect(await typesOf(projectId)).toEqual([
    'ProjectCreated',
    'FileWritten',
    'FileWritten',
    'FileWritten',
    'ProjectVersionCommitted',
  ]);
  expect(dataOf(events, 'ConversationProjectLinked')).toEqual([{ projectId, projectSeq: 2 }]);
  expect(
    dataOf(events, 'ToolCallSucceeded').map(({ projectSeq, projectChanged }) => [projectSeq, projectChanged]),
  ).toEqual([
    [2, true],
    [3, true],
    [4, true],
  ]);
  const end = events.at(-1)!;
  expect(end.data).toMatchObject({ projectId, projectSeq: 5, projectVersion: 1 });
  expect(dataOf(await streamOf(bench, projectId), 'ProjectVersionCommitted')).toEqual([
    {
      version: 1,
      turnId: (end.data as { turnId: string }).turnId,
      conversationId: streamId,
      conversationSeq: end.seq,
      outcome: 'completed',
    },
  ]);
  expect(await treeAt(bench, projectId)).toEqual({ 'index.html': '<h1>Hello</h1>', 'site.css': 'h1 {}' });
  const { title } = (await bench.projects.load(projectId))!.state;
  expect(title).toBe('Build it.');
  const last = Object.values((await bench.state(streamId)).messages).at(-1);
  expect(last?.metadata).toMatchObject({ projectVersion: 1 });
});

it('runs the calls of one answer in the order given, each on what the one before left', async () => {
  const streamId = await bench.conversation();
  const events = await turn(streamId, [
    write('a.txt', 'one'),
    edit('a.txt', 'one', 'two'),
    read('a.txt'),
    remove('a.txt'),
    read('a.txt'),
    { tool: 'Glob', input: { pattern: '*' } },
    { tool: 'Grep', input: { pattern: 'two' } },
  ]);
  expect(resultsOf(events)).toEqual([
    'Created a.txt (3 bytes).',
    'Edited a.txt: 1 replacement.',
    '     1\ttwo',
    'Deleted a.txt.',
    'file_not_found: There is no file a.txt in the project.',
    'No file matches *.',
    'No line matches two.',
  ]);
  const calls = dataOf(events, 'ToolCallStarted').map(({ toolUseId }) => toolUseId);
  const ends = events.filter(({ type }) => /^ToolCall(Succeeded|Failed)$/.test(type));
  expect(ends.map(({ data }) => (data as { toolUseId: string }).toolUseId)).toEqual(calls);
});

it('makes no project and no version where no file changed', async () => {
  const streamId = await bench.conversation();
  await turn(streamId, [read('a'), { tool: 'Glob', input: { pattern: '*' } }, write('../a', 'x')]);
  expect(await projectOf(streamId)).toBeNull();
  await turn(streamId, [write('a', 'x')]);
  const projectId = await projectOf(streamId);
  const events = await turn(streamId, [read('a'), write('a', 'x')]);
  expect(await typesOf(projectId)).toEqual(['ProjectCreated', 'FileWritten', 'ProjectVersionCommitted']);
  expect(events.at(-1)?.data).not.toHaveProperty('projectVersion');
  expect(dataOf(events, 'TurnStarted')).toMatchObject([{ projectId, projectSeq: 3 }]);
});

it('refuses to write what this turn has not read, and what changed since it did', async () => {
  const streamId = await bench.conversation();
  await turn(streamId, [write('a', 'x'), write('b', 'x'), write('c', 'x')]);
  const projectId = await projectOf(streamId);
  const script = answers(
    [read('a'), read('c')],
    [write('b', 'mine'), edit('a', 'x', 'mine'), write('c', 'mine'), write('c', 'mine')],
    [read('a'), edit('a', 'theirs', 'ours')],
  );
  let requests = 0;
  bench.use(async (request, call) => {
    // Claude has read by now, and is about to write.
    if ((requests += 1) === 2) {
      const files = { a: { content: 'theirs' }, b: { content: 'x' } };
      await bench.projectCommands.put(context, { projectId, files });
    }
    return script(request, call);
  });
  const before = (await bench.events(streamId)).length;
  const turnId = await bench.ask(streamId, 'Go on.');
  expect(await bench.runner.run(streamId, turnId)).toBe('completed');
  expect(resultsOf((await bench.soundEvents(streamId)).slice(before))).toEqual([
    '     1\tx',
    '     1\tx',
    expect.stringMatching(/^file_not_read: b exists.*Read it first/),
    expect.stringMatching(/^file_changed: a has changed since it was read.*Read it again/),
    expect.stringMatching(/^file_changed: c was deleted since it was read/),
    'Created c (4 bytes).',
    '     1\ttheirs',
    'Edited a: 1 replacement.',
  ]);
  expect(await treeAt(bench, projectId)).toEqual({ a: 'ours', b: 'x', c: 'mine' });
});

it.each<[string, AnswerPart, RegExp]>([
  ['a path out of the project', write('../a', 'x'), /^invalid_path: .*"\.\."/],
  ['an absolute path', write('/a', 'x'), /^invalid_path: .*relative/],
  [
    'a text that no person may put',
    write('nul', 'x\u0000'),
    /^input_invalid: .*nul must not contain .*U\+0000/,
  ],
  ['a file that is too large', write('big', 'x'.repeat(1024 * 1024 + 1)), /^file_too_large: /],
])('answers %s with an error, and changes nothing', async (_, part, error) => {
  const streamId = await bench.conversation();
  const events = await turn(streamId, [write('ok', 'x')], [part]);
  expect(resultsOf(events)[1]).toMatch(error);
  expect(await treeAt(bench, await projectOf(streamId))).toEqual({ ok: 'x' });
});

it('works on the project that the conversation was begun in, and on none that is another owner’s', async () => {
  const made = await bench.projectCommands.create(context, { title: 'P', files: { a: { content: 'old' } } });
  const other = { ...principal, userId: 'other' };
  const foreign = await bench.projectCommands.create(
    { ...context, principal: other },
    { title: 'F', files: { a: { content: 'secret' } } },
  );
  const begin = async (projectId: string): Promise<string> => {
    const conversationId = newId();
    await bench.executor.create(context, conversationId, {
      type: 'startConversation',
      conversationId,
      projectId,
    });
    return conversationId;
  };
  const own = await begin(made.projectId);
  expect(resultsOf(await turn(own, [read('a')], [write('a', 'new')]))[1]).toBe('Updated a (3 bytes).');
  expect(await treeAt(bench, made.projectId)).toEqual({ a: 'new' });
  const thief = await begin(foreign.projectId);
  expect(resultsOf(await turn(thief, [read('a'), write('a', 'mine')]))).toEqual([
    'file_not_found: There is no file a in the project.',
    'Created a (4 bytes).',
  ]);
  expect(await projectOf(thief)).not.toBe(foreign.projectId);
  expect(await treeAt(bench, foreign.projectId)).toEqual({ a: 'secret' });
});

it('tells Claude once of a restore, in a request that can be built again', async () => {
  const streamId = await bench.conversation();
  await turn(streamId, [write('a', 'one')]);
  const projectId = await projectOf(streamId);
  await turn(streamId, [read('a')], [write('a', 'two')]);
  await bench.projectCommands.restore(context, { projectId, version: 1 });
  const events = await turn(streamId, [read('a')]);
  expect(resultsOf(events)).toEqual(['     1\tone']);
  const request = events.find(({ type }) => type === 'ModelRequested')!;
  const rebuilt = await rebuildRequest(bench.log, streamId, request);
  expect(rebuilt.sha256).toBe((request.data as { sha256: string }).sha256);
  const last = JSON.stringify(rebuilt.request.messages.at(-1));
  expect(last).toMatch(/The project was restored to version 1: .* as version 3/);
  const later = await turn(streamId, [{ text: 'Nothing new.' }]);
  expect(dataOf(later, 'TurnStarted')[0]).not.toHaveProperty('projectNote');
  // What it was told stays where it was told: the beginning of its context is the same as before.
  const again = await rebuildRequest(
    bench.log,
    streamId,
    later.find(({ type }) => type === 'ModelRequested')!,
  );
  expect(JSON.stringify(again.request.messages).match(/The project was restored/g)).toHaveLength(1);
});

it('keeps a large result whole as a blob, and sends Claude its beginning', async () => {
  const streamId = await bench.conversation();
  const content = Array.from({ length: 5_000 }, (_, n) => `line ${n} of a long file`).join('\n');
  const events = await turn(streamId, [write('long.txt', content)], [read('long.txt')]);
  const { result, resultBlob } = dataOf(events, 'ToolCallSucceeded')[1] as {
    result: string;
    resultBlob: { sha256: string };
  };
  expect(result).toMatch(/The result goes on/);
  const whole = JSON.parse(await bench.blobs.get('tenant', resultBlob.sha256)) as string;
  expect(whole.split('\n').at(-1)).toBe('  5000\tline 4999 of a long file');
});
