import { randomUUID } from 'node:crypto';
import { answerWith, hasToolResult, promptOf } from '#assistant';
import { ConformanceServer } from '../support/conformance-server.js';
import { readStream } from '../support/sse-client.js';

/** docs/protocol.md, section 17. */
jest.setTimeout(60_000);

let chat: ConformanceServer;

beforeAll(async () => {
  chat = await ConformanceServer.start({}, (request) => {
    const prompt = promptOf(request);
    if (prompt.endsWith('slow')) return { ...answerWith([{ text: 'word '.repeat(600) }]), speed: 20 };
    const file = /write (\S+) (\S+)$/.exec(prompt);
    if (file && !hasToolResult(request))
      return answerWith([
        { tool: 'Read', input: { file_path: file[1] } },
        { tool: 'Write', input: { file_path: file[1], content: file[2] } },
      ]);
    return answerWith([{ text: `You said: ${prompt}` }]);
  });
});

afterAll(() => chat?.stop());

type Json = Record<string, any>;
const at = (id: string, path = '') => `/api/conversations/${id}${path}`;
const get = async (path: string): Promise<any> => (await chat.api.get(path)).json;

async function fork(id: string, body: object = {}, headers: Record<string, string> = {}): Promise<Json> {
  const { status, json } = await chat.api.post(at(id, '/fork'), body, headers);
  expect(status).toBe(201);
  return json;
}

/** The whole log, as text: bytes are compared. */
const logOf = async (id: string, upTo: number): Promise<string[]> =>
  (await chat.api.get(at(id, `/events?limit=${upTo}`), { accept: 'application/x-ndjson' })).text
    .split('\n')
    .slice(0, upTo);

/** A conversation whose answer is being written, with the seq of a delta in the middle of it. */
async function midAnswer(): Promise<{ id: string; k: number; turnId: string }> {
  const id = await chat.conversation();
  await chat.turn(id, 'hello');
  const { turnId } = (await chat.api.post(at(id, '/turns'), { prompt: 'slow' })).json;
  let deltas = 0;
  const { frames } = await readStream(chat.api, { path: at(id, '/stream') }, ({ event, json }) => {
    const { metadata } = (json ?? {}) as Json;
    if (event === 'StreamDeltaReceived' && metadata.turnId === turnId) deltas += 1;
    return deltas === 12;
  });
  return { id, k: Number(frames.at(-1)!.id), turnId };
}

it('17.1 makes a conversation that goes on from another one, once a key', async () => {
  const id = await chat.conversation({ title: 'Clocks' });
  await chat.turn(id, 'hello');
  const before = await get(at(id));
  const key = { 'idempotency-key': `fork-${id}` };
  const { status, json, headers } = await chat.api.post(at(id, '/fork'), { at: 3 }, key);
  expect(status).toBe(201);
  expect(headers.location).toBe(at(json.id));
  expect(json).toMatchObject({ forkedFrom: { conversationId: id, at: 3 }, title: 'Clocks', archived: false });
  expect(json.id).not.toBe(id);
  expect((await chat.api.post(at(id, '/fork'), { at: 3 }, key)).json).toEqual(json);
  expect((await chat.api.post(at(id, '/fork'), { at: 4 }, key)).status).toBe(422);
  expect(await get(at(id, '/forks'))).toHaveLength(1);
  expect(await get(at(id))).toEqual(before);
  expect((await fork(id)).forkedFrom.at).toBe(before.seq);
  const empty = await chat.api.send({ method: 'POST', path: at(id, '/fork') });
  expect(empty.status).toBe(201);
});

it('17.1 refuses to fork what is in the trash, and forks what is archived', async () => {
  const id = await chat.conversation();
  await chat.api.patch(at(id), { archived: true });
  expect((await fork(id)).archived).toBe(false);
  await chat.api.delete(at(id));
  const { status, json } = await chat.api.post(at(id, '/fork'), {});
  expect([status, json.code]).toEqual([409, 'conversation_trashed']);
});

it('17.2 17.3 17.4 keeps everything up to the seam, half an answer too, and goes on by itself', async () => {
  const { id, k, turnId } = await midAnswer();
  const child = await fork(id, { at: k });
  expect(await logOf(child.id, k)).toEqual(await logOf(id, k));
  const own = await get(at(child.id, `/events?after=${k}`));
  expect(own.map(({ seq, type, data }: Json) => [seq, type, data])).toEqual([
    [k + 1, 'ConversationForked', { parentId: id, at: k }],
    [k + 2, 'TurnInterrupted', { turnId, reason: 'forked' }],
  ]);
  for (let n = 1; n <= k; n += 1) {
    const mine = (await chat.api.get(at(child.id, `/state?at=${n}`))).text.replaceAll(child.id, id);
    expect(JSON.parse(mine)).toEqual(await get(at(id, `/state?at=${n}`)));
  }
  for (const format of ['markdown', 'json', 'ndjson']) {
    const path = `/export?format=${format}&at=${k}`;
    const mine = (await chat.api.get(at(child.id, path))).text.replaceAll(child.id, id);
    expect(mine).toBe((await chat.api.get(at(id, path))).text);
  }
  const half = (await get(at(child.id, `/state?at=${k}`))).messages.at(-1);
  expect(half.content).toMatch(/^(word ?)+/);
  const [kept] = (await get(at(child.id, '/messages'))).slice(-1);
  expect(kept).toMatchObject({
    id: half.id,
    content: half.content,
    streamingStatus: 'error',
    metadata: { outcome: 'interrupted', reason: 'forked' },
  });
  expect((await get(at(id))).turn).toEqual({ id: turnId, status: 'running' });
  expect((await get(at(child.id))).turn).toBeUndefined();
  const frames = await chat.turn(child.id, 'and then?');
  expect(frames.at(-1)?.event).toBe('TurnCompleted');
  await chat.api.post(`/api/turns/${turnId}/cancel`);
  const roles = (await get(at(child.id, '/messages'))).map(({ role }: Json) => role);
  expect(roles.join(' ')).toBe('user assistant user assistant user assistant');
});

it('17.2 resumes and pages across the seam, and does not mind what happens to the parent', async () => {
  const id = await chat.conversation();
  await chat.turn(id, 'hello');
  const { seq } = await get(at(id));
  const child = await fork(id);
  await chat.turn(child.id, 'more');
  const head = (await get(at(child.id))).seq;
  const whole = await readStream(
    chat.api,
    { path: at(child.id, '/stream') },
    (frame) => frame.id === `${head}`,
  );
  const raws = (frames: typeof whole.frames) =>
    frames.filter((frame) => frame.id !== null).map(({ raw }) => raw);
  for (const after of [1, seq - 1, seq, seq + 1, head - 1]) {
    const request = { path: at(child.id, '/stream'), headers: { 'last-event-id': String(after) } };
    const rest = await readStream(chat.api, request, (frame) => frame.id === `${head}`);
    expect(raws(rest.frames)).toEqual(raws(whole.frames).slice(after));
  }
  const seqs: number[] = [];
  for (let path: string | undefined = at(child.id, '/events?limit=3'); path !== undefined;) {
    const page = await chat.api.get(path);
    seqs.push(...page.json.map((event: Json) => event.seq));
    path = /<([^>]+)>; rel="next"/.exec(String(page.headers.link ?? ''))?.[1];
  }
  expect(seqs).toEqual(Array.from({ length: head }, (_, i) => i + 1));
  const before = [await get(at(child.id)), await get(at(child.id, '/messages')), await logOf(child.id, head)];
  await chat.turn(id, 'something else');
  await chat.api.patch(at(id), { title: 'Renamed', archived: true });
  const [message] = await get(at(id, '/messages'));
  await chat.api.patch(`/api/messages/${message.id}`, { content: 'edited later' });
  await chat.api.delete(at(id));
  const after = [await get(at(child.id)), await get(at(child.id, '/messages')), await logOf(child.id, head)];
  expect(after).toEqual(before);
  const { etag } = (await chat.api.get(at(child.id, '/messages'))).headers;
  expect((await chat.api.get(at(child.id, '/messages'), { 'if-none-match': etag! })).status).toBe(304);
});

it('17.5 forks forks at inherited seqs, a hundred deep and no deeper', async () => {
  let id = await chat.conversation();
  const root = id;
  for (let depth = 1; depth <= 100; depth += 1) id = (await fork(id)).id;
  const { status, json } = await chat.api.post(at(id, '/fork'), {});
  expect([status, json.code, json.maxDepth]).toEqual([409, 'fork_too_deep', 100]);
  expect((await get(at(id))).seq).toBe(101);
  const inherited = await fork(id, { at: 1 });
  expect(inherited.forkedFrom).toEqual({ conversationId: id, at: 1 });
  expect(await logOf(inherited.id, 1)).toEqual(await logOf(root, 1));
  await chat.turn(id, 'still here');
  expect(await get(at(id, '/messages'))).toHaveLength(2);
});

it('17.6 lists forks like any conversations', async () => {
  const id = await chat.conversation();
  const forks = [await fork(id), await fork(id), await fork(id)].map((each) => each.id);
  const grandchild = await fork(forks[0]);
  expect((await get(at(id, '/forks'))).map((each: Json) => each.id)).toEqual(forks.toReversed());
  expect((await get(at(forks[0], '/forks'))).map((each: Json) => each.id)).toEqual([grandchild.id]);
  await chat.api.delete(at(forks[1]));
  const page = await chat.api.get(at(id, '/forks?limit=1'));
  expect(page.json.map((each: Json) => each.id)).toEqual([forks[2]]);
  const next = /<([^>]+)>; rel="next"/.exec(String(page.headers.link))![1]!;
  expect((await get(next)).map((each: Json) => each.id)).toEqual([forks[0]]);
  expect(await get(at(id, '/forks?includeTrashed=true'))).toHaveLength(3);
  expect((await chat.api.get(at(randomUUID(), '/forks'))).status).toBe(404);
});

it('17.7 changes an inherited message in the fork alone, where the fork is named', async () => {
  const id = await chat.conversation();
  await chat.turn(id, 'hello');
  const [question, answer] = await get(at(id, '/messages'));
  const child = await fork(id);
  const path = at(child.id, `/messages/${question.id}`);
  const edited = await chat.api.patch(path, { content: 'changed here' });
  expect([edited.status, edited.json.conversationId, edited.json.content]).toEqual([
    200,
    child.id,
    'changed here',
  ]);
  expect((await get(at(id, `/messages/${question.id}`))).content).toBe('hello');
  await chat.api.patch(`/api/messages/${question.id}`, { content: 'changed there' });
  expect((await get(at(id, `/messages/${question.id}`))).content).toBe('changed there');
  expect((await get(path)).content).toBe('changed here');
  const headers = { accept: 'text/event-stream' };
  const regenerate = at(child.id, `/messages/${answer.id}/regenerate`);
  await readStream(chat.api, { method: 'POST', path: regenerate, headers }, () => false);
  const [, again] = await get(at(child.id, '/messages'));
  expect([again.siblings, again.content]).toEqual([{ index: 1, count: 2 }, 'You said: changed here']);
  expect((await get(at(id, `/messages/${answer.id}`))).siblings).toEqual({ index: 0, count: 1 });
  const command = { commandId: `remove-${id}`, type: 'removeMessage', data: {} as Json };
  command.data = { messageId: answer.id, conversationId: child.id };
  expect((await chat.api.post('/api/commands', command)).status).toBe(200);
  expect((await chat.api.get(at(child.id, `/messages/${answer.id}`))).status).toBe(404);
  expect((await chat.api.get(at(id, `/messages/${answer.id}`))).status).toBe(200);
});

it('17.8 copies the project as it was there, or goes on with the same one', async () => {
  const id = await chat.conversation();
  await chat.turn(id, 'write index.html one');
  const { seq } = await get(at(id));
  await chat.turn(id, 'write index.html two');
  const { projectId } = await get(at(id));
  const key = { 'idempotency-key': `copy-${id}` };
  const copied = await fork(id, { at: seq, withProject: true }, key);
  expect(await fork(id, { at: seq, withProject: true }, key)).toEqual(copied);
  expect(copied.projectId).not.toBe(projectId);
  const project = await get(`/api/projects/${copied.projectId}`);
  expect(project.files['index.html'].content).toBe('one');
  expect(project.forkedFrom ?? { projectId }).toMatchObject({ projectId });
  const state = await get(at(copied.id, '/state'));
  expect(state.project).toMatchObject({ id: copied.projectId, version: 1 });
  expect((await get(at(copied.id, `/state?at=${seq}`))).project).toEqual(
    (await get(at(id, `/state?at=${seq}`))).project,
  );
  await chat.turn(copied.id, 'write index.html three');
  expect((await get(`/api/projects/${copied.projectId}`)).files['index.html'].content).toBe('three');
  expect((await get(`/api/projects/${projectId}`)).files['index.html'].content).toBe('two');
  const same = await fork(id);
  expect(same.projectId).toBe(projectId);
  const bare = await chat.conversation();
  const refused = await chat.api.post(at(bare, '/fork'), { withProject: true });
  expect([refused.status, refused.json.code, refused.json.field]).toEqual([409, 'no_project', 'withProject']);
  expect(await get(at(bare, '/forks'))).toEqual([]);
});

it('17.9 refuses a position that is none, or is beyond the head', async () => {
  const id = await chat.conversation();
  for (const bad of [0, -1, 1.5, '1', null, 2 ** 53]) {
    const { status, json } = await chat.api.post(at(id, '/fork'), { at: bad });
    expect([status, json.code, json.field]).toEqual([400, 'invalid_seq', 'at']);
  }
  const { status, json } = await chat.api.post(at(id, '/fork'), { at: 2 });
  expect([status, json.code, json.field, json.head]).toEqual([409, 'stream_ahead', 'at', 1]);
  expect((await chat.api.post(at(id, '/fork'), { from: 1 })).json.code).toBe('unknown_field');
  expect((await chat.api.post(at(randomUUID(), '/fork'), {})).status).toBe(404);
  expect(await get(at(id, '/forks'))).toEqual([]);
});
