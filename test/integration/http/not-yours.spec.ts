import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import { PostMessage, RequestTurn, StartConversation, type Principal } from '#conversations';
import { ProjectCommands } from '#projects';
import { ApiClient, type ApiRequest } from '../../support/api-client.js';
import { startMode, type TestMode } from '../../support/mode.js';
import { startServer, type TestServer } from '../../support/server.js';
import { contextOf, startServiceProcess } from '../../support/service-process.js';

/** What is not yours does not exist for you: on every path that takes an id, and in every list. */
jest.setTimeout(60_000);

let mode: TestMode;
let server: TestServer;
let api: ApiClient;
const foreign = { conversation: '', message: '', turn: '', project: '' };

beforeAll(async () => {
  mode = await startMode();
  server = await startServer({ role: 'api', env: mode.env });
  api = new ApiClient(server.url);
  await makeForeign({ tenantId: 'another', userId: 'owner', scopes: ['*'] });
});

afterAll(async () => {
  await server?.stop();
  await mode?.stop();
});

/** Written by another process, for somebody else. */
async function makeForeign(principal: Principal): Promise<void> {
  const theirs = await startServiceProcess(mode.databaseUrl);
  const bus = theirs.app.get(CommandBus, { strict: false });
  const start = await bus.execute(new StartConversation(contextOf(principal), { title: 'theirs' }));
  const conversationId = start.streamId;
  const row = { conversationId, role: 'user', content: 'theirs' } as const;
  const message = await bus.execute(new PostMessage(contextOf(principal), row));
  const turn = await bus.execute(new RequestTurn(contextOf(principal), { conversationId, prompt: 'theirs' }));
  const projects = theirs.app.get(ProjectCommands, { strict: false });
  const files = { 'index.html': { content: 'theirs' } };
  const { projectId } = await projects.create(contextOf(principal), { title: 'theirs', files });
  Object.assign(foreign, {
    conversation: conversationId,
    message: message.result.id,
    turn: turn.result.id,
    project: projectId,
  });
  await theirs.close();
}

/** A good body of each path that needs one. */
const bodies: Record<string, unknown> = {
  'PATCH /api/conversations/{id}': { title: 'mine' },
  'POST /api/conversations/{id}/branch': { leafId: randomUUID() },
  'POST /api/conversations/{id}/messages': { role: 'user', content: 'x' },
  'PATCH /api/conversations/{id}/messages/{messageId}': { content: 'x' },
  'POST /api/conversations/{id}/messages/{messageId}/stream': { chunk: 'x' },
  'PATCH /api/messages/{id}': { content: 'x' },
  'POST /api/messages/{id}/stream': { chunk: 'x' },
  'POST /api/conversations/{id}/turns': { prompt: 'x' },
  'PUT /api/projects/{id}': { title: 'mine' },
  'POST /api/projects/{id}/restore': { version: 1 },
  'PATCH /api/projects/{id}/versions/{n}': { starred: true },
};

/** A good query of each path that needs one. */
const queries: Record<string, string> = {
  '/api/projects/{id}/diff': '?from=1&to=1',
  '/api/projects/{id}/files': '?path=index.html&at=1',
};

function withForeignIds(path: string): string {
  const id = path.startsWith('/api/messages')
    ? foreign.message
    : path.startsWith('/api/turns')
      ? foreign.turn
      : path.startsWith('/api/projects')
        ? foreign.project
        : foreign.conversation;
  const named = path.replace('{messageId}', foreign.message).replace('{id}', id).replace('{n}', '1');
  return `${named}${queries[path] ?? ''}`;
}

it('is 404 on every path with an id, and nothing is written', async () => {
  const { json } = await api.get('/openapi.json');
  const requests = Object.entries(json.paths as Record<string, object>)
    // what administrators do is done to the whole service, whosever a conversation is: their scope decides
    .filter(([path]) => path.includes('{id}') && !path.startsWith('/api/admin/'))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
  expect(requests.length).toBeGreaterThan(28);
  for (const [method, path] of requests) {
    const request: ApiRequest = { method, path: withForeignIds(path), body: bodies[`${method} ${path}`] };
    const { status, json: problem } = await api.send(request);
    expect([method, path, status, problem?.code]).toEqual([method, path, 404, 'not_found']);
    expect(JSON.stringify(problem)).not.toContain('theirs');
  }
});

it('is 404 for commands too', async () => {
  const { conversation: conversationId, message: messageId, turn: turnId } = foreign;
  const commands = [
    { type: 'renameConversation', data: { conversationId, title: 'x' } },
    { type: 'trashConversation', data: { conversationId } },
    { type: 'postMessage', data: { conversationId, role: 'user', content: 'x' } },
    { type: 'editMessage', data: { messageId, content: 'x' } },
    { type: 'removeMessage', data: { messageId } },
    { type: 'regenerate', data: { messageId } },
    { type: 'cancelTurn', data: { turnId } },
  ].map((command) => ({ commandId: randomUUID(), ...command }));
  const { json } = await api.post('/api/commands', commands);
  expect(json.map((outcome: { problem?: { code: string } }) => outcome.problem?.code)).toEqual(
    commands.map(() => 'not_found'),
  );
});

it('is in no list, and cannot be forked into by a parent or a leaf', async () => {
  const mine = (await api.post('/api/conversations', { title: 'mine' })).json.id;
  const { json } = await api.get('/api/conversations?limit=1000&includeTrashed=true');
  expect(json.map(({ id }: { id: string }) => id)).toEqual([mine]);
  const row = { role: 'user', content: 'x', parentId: foreign.message };
  expect((await api.post(`/api/conversations/${mine}/messages`, row)).status).toBe(404);
  expect((await api.post(`/api/conversations/${mine}/branch`, { leafId: foreign.message })).status).toBe(404);
});

it('is no project to work on, and none to see', async () => {
  const mine = (await api.post('/api/conversations', { title: 'mine' })).json.id;
  const { project: projectId, conversation: conversationId } = foreign;
  for (const [path, body] of [
    ['/api/iterate/claude', { projectId, prompt: 'x' }],
    ['/api/iterate/claude/stream', { projectId, prompt: 'x' }],
    ['/api/iterate/claude/stream', { projectId, prompt: 'x', conversationId: mine }],
    ['/api/iterate/claude/stream', { conversationId, prompt: 'x' }],
  ] as const) {
    const { status, json } = await api.post(path, body);
    expect([path, status, json.code]).toEqual([path, 404, 'not_found']);
  }
  expect((await api.get(`/api/conversations/${mine}/messages`)).json).toEqual([]);
  expect((await api.get('/api/projects?limit=1000')).json).toEqual([]);
  expect((await api.get('/api/projects/random')).json.id).toBe('default');
});
