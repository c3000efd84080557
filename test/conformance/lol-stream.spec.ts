import { ConformanceServer } from '../support/conformance-server.js';
import { kindsOf, LolApp, seenByApp, type AppAnswer, type AppFrame } from '../support/lol-app.js';
import { firstPage, lolScript } from '../support/lol-script.js';

/** docs/protocol.md, section 16: a turn as the LOL app reads it, field by field. */
jest.setTimeout(60_000);

let chat: ConformanceServer;
let app: LolApp;

beforeAll(async () => {
  chat = await ConformanceServer.start({ CHATLOG_PING_MS: '100' }, lolScript);
  app = new LolApp(chat.server.url);
});

afterAll(() => chat?.stop());

const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const changedPage = firstPage.replace('Hi', 'Hello');
const css = 'h1 { color: red }';
const files = {
  'index.html': { content: changedPage, type: 'html' },
  'style.css': { content: css, type: 'css' },
};
const compiled = changedPage.replace('</head>', `<style>${css}</style></head>`);

type Row = AppAnswer['json'];

async function rowsOf(conversationId: string): Promise<Row[]> {
  return (await app.call('GET', `/api/conversations/${conversationId}/messages?limit=50&offset=0`)).json;
}

describe('a first turn, without project and conversation', () => {
  const prompt = `${'p'.repeat(120)} build`;
  let frames: AppFrame[];
  let seen: AppFrame[];
  let rows: Row[];
  let conversationId: string;

  beforeAll(async () => {
    frames = await app.iterate({ prompt });
    seen = seenByApp(frames);
    conversationId = seen[0]!.data.conversationId;
    rows = await rowsOf(conversationId);
  });

  it('16.4 comes in this order, and ends after done', () => {
    expect(kindsOf(frames)).toEqual([
      'userMessage',
      'assistantMessage',
      'assistant',
      'assistant',
      'tool_use',
      'tool_result',
      'tool_use',
      'tool_result',
      'tool_use',
      'tool_result',
      'assistant',
      'complete',
      'project',
      'done',
    ]);
    expect(frames.at(-1)).toEqual({ event: 'done', id: null, data: {} });
  });

  it('16.4 names the two messages first', () => {
    const first = frames.find(({ event }) => event === 'userMessage')!;
    expect(first.data).toEqual({ messageId: rows[0].id });
    const second = frames.find(({ event }) => event === 'assistantMessage')!;
    expect(second.data).toEqual({ messageId: rows[1].id });
  });

  it('16.5 carries a type, a number of milliseconds and the conversation in each message', () => {
    const messages = frames.filter(({ event }) => event === 'message');
    expect(messages.length).toBe(10);
    for (const { data } of messages) {
      expect(data).toMatchObject({ conversationId: uuid, messageId: uuid, id: data.messageId });
      expect(Number.isInteger(data.timestamp)).toBe(true);
      expect(Math.abs(Date.now() - data.timestamp)).toBeLessThan(600_000);
      expect(data).toMatchObject({ content: expect.any(String), streamingStatus: expect.any(String) });
    }
  });

  it('16.5 has one message a finished text block, not a token', () => {
    const texts = seen.filter(({ data }) => data.type === 'assistant').map(({ data }) => data.data);
    expect(texts).toEqual([{ content: 'I will ' }, { content: 'build it.' }, { content: 'Done.' }]);
  });

  it('16.5 shows tools by their names and inputs, and pairs each result by its tool use id', () => {
    const uses = seen.filter(({ data }) => data.type === 'tool_use');
    expect(uses.map(({ data }) => [data.data.tool, data.data.toolInput])).toEqual([
      ['Write', { file_path: 'index.html', content: firstPage }],
      ['Write', { file_path: 'style.css', content: css }],
      ['Edit', { file_path: 'index.html', old_string: 'Hi', new_string: 'Hello' }],
    ]);
    const results = seen.filter(({ data }) => data.type === 'tool_result');
    const answers = rows.filter(({ role }) => role === 'assistant');
    const called = answers.flatMap(({ blocks }) =>
      blocks.filter(({ type }: { type: string }) => type === 'tool_use').map(({ id }: { id: string }) => id),
    );
    expect(results.map(({ data }) => data.data.tool)).toEqual(called);
    for (const [index, { data }] of results.entries()) {
      expect(data.data.toolOutput).toEqual(data.toolResult);
      expect(data).toMatchObject({
        toolName: uses[index]!.data.toolName,
        toolCall: uses[index]!.data.data.toolInput,
        messageId: uses[index]!.data.messageId,
        streamingStatus: 'complete',
      });
    }
  });

  it('16.5 completes with all files, then gives the new project', () => {
    const complete = seen.find(({ data }) => data.type === 'complete')!;
    expect(complete.data.data).toEqual({ files });
    const { project } = seen.at(-1)!.data;
    expect(seen.at(-1)!.data).toEqual({ project });
    expect(project).toMatchObject({
      id: uuid,
      title: 'p'.repeat(100),
      files,
      compiled,
      metadata: expect.any(Object),
      version: 1,
      createdAt: time,
      updatedAt: time,
    });
    expect(project.compileError).toBeUndefined();
  });

  it('16.4 is the same turn, in the same order, in the list of messages', () => {
    expect(rows.map(({ role, content }) => [role, content])).toEqual([
      ['user', prompt],
      ['assistant', 'I will build it.'],
      ['tool', JSON.stringify({ file_path: 'index.html', content: firstPage })],
      ['tool', JSON.stringify({ file_path: 'style.css', content: css })],
      ['assistant', ''],
      ['tool', JSON.stringify({ file_path: 'index.html', old_string: 'Hi', new_string: 'Hello' })],
      ['assistant', 'Done.'],
    ]);
    const told = seen.filter(({ data }) => data.type === 'tool_result').map(({ data }) => data);
    const tools = rows.filter(({ role }) => role === 'tool');
    expect(tools.length).toBe(3);
    for (const [index, row] of tools.entries()) {
      const { toolName, toolCall, toolResult, streamingStatus, id } = told[index];
      expect(row).toMatchObject({ id, toolName, toolCall, toolResult, streamingStatus });
      expect(row.toolResult).toEqual(expect.anything());
    }
    expect(rows.every(({ streamingStatus }) => streamingStatus === 'complete')).toBe(true);
  });

  it('16.6 links the conversation to the project, so that a reload finds the chat', async () => {
    const { project } = seen.at(-1)!.data;
    const conversation = (await app.call('GET', `/api/conversations/${conversationId}`)).json;
    expect(conversation).toMatchObject({ projectId: project.id, title: 'p'.repeat(100) });
    const { json } = await app.call('GET', `/api/conversations?projectId=${project.id}`);
    expect(json[0].id).toBe(conversationId);
    expect((await app.call('GET', `/api/projects/${project.id}`)).json).toEqual(project);
  });

  it('16.4 has tokens only in frames that the app does not look at, and the seq as id', () => {
    const deltas = frames.filter(({ event }) => event === 'delta');
    const token = deltas.find(({ data }) => data.delta.delta?.type === 'text_delta')!;
    expect(token.data).toEqual({ seq: Number(token.id), delta: expect.any(Object) });
    expect(seenByApp(deltas)).toEqual([]);
    const ids = frames.flatMap(({ id }) => (id === null ? [] : [Number(id)]));
    expect(ids).toEqual(ids.toSorted((a, b) => a - b));
  });
});

it('16.6 goes on with a project in a conversation of its own, and reads what is there', async () => {
  const made = seenByApp(await app.iterate({ prompt: 'build' })).at(-1)!.data.project;
  const frames = await app.iterate({ prompt: 'look', projectId: made.id });
  expect(kindsOf(frames)).toEqual([
    'userMessage',
    'assistantMessage',
    'tool_use',
    'tool_result',
    'assistant',
    'complete',
    'project',
    'done',
  ]);
  const [use, result] = seenByApp(frames);
  expect(use!.data.data).toMatchObject({ tool: 'Read', toolInput: { file_path: 'index.html' } });
  expect(JSON.stringify(result!.data.data.toolOutput)).toContain('Hello');
  expect(seenByApp(frames).at(-1)!.data.project).toMatchObject({ id: made.id, files, version: made.version });
  const conversations = (await app.call('GET', `/api/conversations?projectId=${made.id}`)).json;
  expect(conversations).toHaveLength(2);
  expect(conversations[0]).toMatchObject({ id: use!.data.conversationId, title: 'look' });
});

it('16.6 goes on in a conversation, and links one that had no project', async () => {
  const conversationId = (await app.call('POST', '/api/conversations', { title: 'Mine' })).json.id;
  const chatted = await app.iterate({ prompt: 'chat', conversationId });
  expect(kindsOf(chatted)).toEqual(['userMessage', 'assistantMessage', 'assistant', 'complete', 'done']);
  expect(seenByApp(chatted).at(-1)!.data.data).toEqual({ files: {} });
  const projectId = (await app.call('POST', '/api/projects/', { title: 'P', files })).json.id;
  const linked = await app.iterate({ prompt: 'look', conversationId, projectId });
  expect(seenByApp(linked).at(-1)!.data.project.id).toBe(projectId);
  expect((await app.call('GET', `/api/conversations/${conversationId}`)).json).toMatchObject({
    projectId,
    title: 'Mine',
  });
  const other = (await app.call('POST', '/api/projects/', { title: 'Q', files })).json.id;
  const refused = await app.call('POST', '/api/iterate/claude/stream', {
    prompt: 'look',
    conversationId,
    projectId: other,
  });
  expect([refused.status, refused.json.code, refused.json.field]).toEqual([
    409,
    'other_project',
    'projectId',
  ]);
  expect((await rowsOf(conversationId)).filter(({ role }) => role === 'user')).toHaveLength(2);
});

it('16.5 carries a large project whole, beating beside it', async () => {
  const page = 'é👋<p>\n'.repeat(100_000);
  const names = ['index.html', 'a.html', 'b.html', 'c.html', 'd.html'];
  const large = Object.fromEntries(names.map((name) => [name, { content: `${name}${page}`, type: 'html' }]));
  const projectId = (await app.call('POST', '/api/projects', { title: 'Large', files: large })).json.id;
  const seen = seenByApp(await app.iterate({ prompt: 'look', projectId }));
  expect(seen.find(({ data }) => data.type === 'complete')!.data.data.files).toEqual(large);
  expect(seen.at(-1)!.data.project.files).toEqual(large);
});

it('16.5 tells a failed tool call as its result', async () => {
  const frames = seenByApp(await app.iterate({ prompt: 'missing' }));
  const result = frames.find(({ data }) => data.type === 'tool_result')!.data;
  expect(result).toMatchObject({ streamingStatus: 'error', toolName: 'Read' });
  expect(result.data.toolOutput).toMatch(/none\.html/);
  const rows = await rowsOf(result.conversationId);
  expect(rows.find(({ role }) => role === 'tool')).toMatchObject({ toolResult: result.data.toolOutput });
});

it('16.7 beats while nothing else comes, and ends when the turn is stopped', async () => {
  const frames: AppFrame[] = [];
  for await (const frame of app.stream({ prompt: 'stall' })) {
    frames.push(frame);
    const beats = frames.filter(({ event }) => event === 'heartbeat');
    const texts = frames.filter(({ data }) => data.type === 'tool_result');
    if (texts.length === 1 && beats.length >= 3 && frame.event === 'heartbeat') {
      expect(frame).toEqual({ event: 'heartbeat', id: null, data: {} });
      const { conversationId } = texts[0]!.data;
      const { turn } = (await app.call('GET', `/api/conversations/${conversationId}`)).json;
      if (turn) await app.call('POST', `/api/turns/${turn.id}/cancel`);
    }
  }
  const kinds = kindsOf(frames);
  expect(kinds.slice(-3)).toEqual(['assistant', 'project', 'done']);
  expect(kinds).not.toContain('complete');
  expect(kinds).not.toContain('error');
  expect(frames.find(({ data }) => data.data?.content === 'Half of it')!.data.streamingStatus).toBe(
    'complete',
  );
});
