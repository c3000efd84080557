import { randomUUID } from 'node:crypto';
import { answerWith, hasToolResult, promptOf } from '#assistant';
import { ChatLogClient } from '#client';
import { clientMoments, Moments, TimeTravel, type MomentView } from '#react';
import { ConformanceServer } from '../support/conformance-server.js';
import { createPrng } from '../support/prng.js';
import { until } from '../support/until.js';

jest.setTimeout(180_000);
const prng = createPrng('time-travel.spec');

let chat: ConformanceServer;
let client: ChatLogClient;

const page = (text: string) => `<!doctype html><p>${text}</p>`;
const write = (path: string, content: string) => ({ tool: 'Write', input: { file_path: path, content } });

beforeAll(async () => {
  chat = await ConformanceServer.start({}, (request) => {
    const prompt = promptOf(request);
    // a note on the project may follow the prompt
    if (/^build$/m.test(prompt) && !hasToolResult(request))
      return answerWith([
        { text: 'I make a page of two files. '.repeat(12) },
        write('index.html', page('one')),
        write('style.css', 'p { color: green }'),
      ]);
    // a file that is there is read before it is written
    if (hasToolResult(request) && JSON.stringify(request.messages.at(-2)).includes('"Read"'))
      return answerWith([write('style.css', 'p { color: blue }')]);
    if (/^change$/m.test(prompt) && !hasToolResult(request))
      return answerWith([{ text: 'And now blue.' }, { tool: 'Read', input: { file_path: 'style.css' } }]);
    return answerWith([{ text: `You said: ${prompt.slice(-20)}. `.repeat(20) }]);
  });
  client = new ChatLogClient({ baseUrl: chat.server.url });
});

afterAll(() => chat?.stop());

async function command(type: string, data: object): Promise<void> {
  const body = { commandId: randomUUID(), type, data };
  expect((await chat.api.post('/api/commands', body)).status).toBe(200);
}

/** A conversation with files, branches, a removed message, a rename and a chunked message. */
async function story(): Promise<{ id: string; projectId: string; head: number }> {
  const project = (await chat.api.post('/api/projects', { title: 'Page' })).json;
  const id = await chat.conversation({ projectId: project.id });
  const path = `/api/conversations/${id}`;
  await chat.turn(id, 'build');
  await chat.turn(id, 'talk');
  const messages = (await chat.api.get(`${path}/messages`)).json;
  const asked = messages.findLast(({ role }: { role: string }) => role === 'user');
  const again = { prompt: 'talk otherwise', parentId: asked.parentId };
  await chat.api.post(`${path}/turns`, again, { accept: 'text/event-stream' });
  await chat.turn(id, 'change');
  await chat.api.patch(path, { title: 'Another name' });
  await command('selectBranch', { conversationId: id, leafId: asked.id });
  const note = (await chat.api.post(`${path}/messages`, { role: 'user', content: 'A note' })).json;
  await chat.api.patch(`/api/messages/${note.id}`, { content: 'A better note' });
  await command('removeMessage', { messageId: note.id });
  await chat.turn(id, 'talk on');
  const { seq: head } = (await chat.api.get(path)).json;
  const { marks } = await client.moments.timeline(id);
  expect(marks.filter(({ kind }) => kind === 'version')).toHaveLength(2);
  return { id, projectId: project.id, head };
}

async function serverState(id: string, seq: number): Promise<MomentView> {
  const { previous, ...state } = await client.moments.state(id, { at: seq, limit: 1_000 });
  return { ...state, ...(previous !== undefined && { prev: previous }), filesKnown: true };
}

/** Equal in everything; the view may hold fewer of the messages before, and then says where they are. */
function expectEqual(view: MomentView | undefined, expected: MomentView): void {
  const { messages, prev, ...rest } = view!;
  const { messages: all, prev: _none, ...others } = expected;
  expect(rest).toEqual(others);
  expect(messages).toEqual(all.slice(all.length - messages.length));
  if (messages.length < all.length) expect(prev).toBeDefined();
}

async function momentsOf(id: string, options: { messages: number; pageEvents: number }): Promise<Moments> {
  const moments = new Moments(clientMoments(client, id), { conversationId: id, ...options });
  const { seq, epoch } = await client.moments.timeline(id);
  moments.setHead(seq, epoch);
  return moments;
}

async function shown(moments: Moments, seq: number): Promise<MomentView | undefined> {
  await moments.load(seq);
  if (!moments.peek(seq)?.filesKnown) await moments.askFiles(seq);
  return moments.peek(seq);
}

describe('every moment that the browser folds is the one that the server reads', () => {
  let told: Awaited<ReturnType<typeof story>>;
  beforeAll(async () => {
    told = await story();
  });

  it.each([
    [4, 30],
    [50, 64],
    [3, 200],
  ])('with states of %i messages and pages of %i events', async (messages, pageEvents) => {
    const { id, head } = told;
    const moments = await momentsOf(id, { messages, pageEvents });
    let folded = 0;
    for (let i = 0; i < 80; i += 1) {
      const seq = prng.between(1, head);
      const view = await shown(moments, seq);
      if (view) folded += 1;
      expectEqual(view ?? (await moments.ask(seq)), await serverState(id, seq));
    }
    // branches and removals are the server's to tell; all else is folded
    expect(folded).toBeGreaterThan(76);
  });

  it('in the midst of every answer, to the letter', async () => {
    const { id, head } = told;
    const moments = await momentsOf(id, { messages: 5, pageEvents: 50 });
    const halves: string[] = [];
    for (let seq = 1; seq <= head; seq += 3) {
      const view = await shown(moments, seq);
      const expected = await serverState(id, seq);
      expectEqual(view, expected);
      if (view?.halfWritten) halves.push(view.halfWritten.content);
    }
    expect(halves.filter((text) => text.length > 0).length).toBeGreaterThan(20);
  });

  it('in a fork, on both sides of its seam', async () => {
    const { id, head } = told;
    const at = prng.between(20, head - 5);
    const fork = (await chat.api.post(`/api/conversations/${id}/fork`, { at })).json;
    await chat.turn(fork.id, 'talk in the fork');
    const end = (await chat.api.get(`/api/conversations/${fork.id}`)).json.seq;
    const moments = await momentsOf(fork.id, { messages: 6, pageEvents: 40 });
    for (const seq of [
      1,
      at - 3,
      at,
      at + 1,
      at + 2,
      at + 6,
      end,
      prng.between(1, at),
      prng.between(at, end),
    ])
      expectEqual(await shown(moments, seq), await serverState(fork.id, seq));
  });

  it('is compared by a test that sees a difference', async () => {
    const { id, head } = told;
    const moments = await momentsOf(id, { messages: 5, pageEvents: 50 });
    const events = (await client.moments.events(id, { limit: 1_000 })).items;
    const delta = events.find(
      ({ type, data }) => type === 'StreamDeltaReceived' && 'delta' in (data as object),
    )!;
    const view = await shown(moments, delta.seq);
    const beside = await serverState(id, Math.min(head, delta.seq + 1));
    expect(() => expectEqual(view, { ...beside, seq: delta.seq })).toThrow();
  });
});

it('shows what is asked for last, and then needs no request for what lies around', async () => {
  const { id, head } = await story();
  const travel = new TimeTravel(clientMoments(client, id), { conversationId: id });
  await travel.refresh();
  for (const seq of [5, 40, 9, head - 20, 30]) travel.goTo(seq);
  await until(() => travel.state.isExact);
  expect(travel.state.view?.seq).toBe(30);
  expectEqual(travel.state.view!, await serverState(id, 30));
  await until(() => !travel.moments.isMissing(30));
  travel.goTo(31);
  expect([travel.state.view?.seq, travel.state.error]).toEqual([31, null]);
  travel.goTo(null);
  expect(travel.state).toMatchObject({ position: null, view: null });
  travel.stop();
});
