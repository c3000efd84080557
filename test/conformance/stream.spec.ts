import { ConformanceServer } from '../support/conformance-server.js';
import { startServer } from '../support/server.js';
import { ApiClient } from '../support/api-client.js';
import { readStream, type SseFrame } from '../support/sse-client.js';

/** docs/protocol.md, sections 7 and 8. */
jest.setTimeout(90_000);

let chat: ConformanceServer;
let id: string;

beforeAll(async () => {
  chat = await ConformanceServer.start({ CHATLOG_PING_MS: '300' });
  id = await chat.conversation();
  await chat.turn(id, 'clock');
});

afterAll(() => chat?.stop());

const path = (query = '') => `/api/conversations/${id}/stream${query}`;
const caughtUp = ({ event }: SseFrame) => event === 'caught_up';
const eventsOf = (frames: SseFrame[]) => frames.filter((frame) => frame.id !== null);
const rawOf = (frames: SseFrame[]) => eventsOf(frames).map(({ raw }) => raw);

async function read(query = '', headers: Record<string, string> = {}): Promise<SseFrame[]> {
  return (await readStream(chat.api, { path: path(query), headers }, caughtUp)).frames;
}

it('7.1 8.1 8.4 sends every event once, in order, as `events` shows it', async () => {
  const frames = eventsOf(await read());
  const { json } = await chat.api.get(`/api/conversations/${id}/events?limit=1000`);
  expect(frames.map((frame) => frame.json)).toEqual(json);
  expect(frames.map((frame) => frame.id)).toEqual(json.map((_: unknown, i: number) => String(i + 1)));
  expect(frames.map((frame) => frame.event)).toEqual(json.map(({ type }: { type: string }) => type));
  for (const { raw } of frames) expect(raw.split('\n')).toHaveLength(3);
});

it('7.2 goes on after the seq of a conversation', async () => {
  const { json } = await chat.api.get(`/api/conversations/${id}`);
  const frames = await read(`?after=${json.seq}&epoch=${json.epoch}`);
  expect(eventsOf(frames)).toEqual([]);
});

it('7.3 refuses positions that are none, and those beyond the head', async () => {
  for (const seq of ['-1', '0.5', '9007199254740992']) {
    expect((await chat.api.get(path(`?after=${seq}`))).json.code).toBe('invalid_seq');
  }
  const { status, json } = await chat.api.get(path('?after=100000'));
  expect([status, json.code, json.head]).toEqual([
    409,
    'stream_ahead',
    (await chat.api.get(`/api/conversations/${id}`)).json.seq,
  ]);
});

it('7.4 8.5 resumes after every k to the same bytes', async () => {
  const whole = rawOf(await read());
  for (let k = 0; k <= whole.length; k += 1) {
    expect([...whole.slice(0, k), ...rawOf(await read(`?after=${k}`))]).toEqual(whole);
  }
});

it('8.1 goes on with each event as it is committed', async () => {
  const live = await chat.conversation();
  const following = readStream(
    chat.api,
    { path: `/api/conversations/${live}/stream` },
    ({ event }) => event === 'TurnCompleted',
  );
  await chat.turn(live, 'hello');
  const { frames } = await following;
  const { json } = await chat.api.get(`/api/conversations/${live}/events?limit=1000`);
  expect(eventsOf(frames).map((frame) => frame.json)).toEqual(json);
});

it('8.2 prefers Last-Event-ID', async () => {
  const all = rawOf(await read());
  expect(rawOf(await read('?after=1', { 'last-event-id': '5' }))).toEqual(all.slice(5));
  expect(rawOf(await read('?after=3', { 'last-event-id': '' }))).toEqual(all.slice(3));
});

it('8.3 opens with stream_open and says once when it has caught up', async () => {
  const frames = await read('?after=2');
  const { seq, epoch } = (await chat.api.get(`/api/conversations/${id}`)).json;
  expect(frames[0]).toMatchObject({ event: 'stream_open', id: null, json: { from: 2, head: seq, epoch } });
  expect(frames.at(-1)).toMatchObject({ event: 'caught_up', id: null, json: { seq } });
  expect(frames.filter(caughtUp)).toHaveLength(1);
});

it('8.6 carries a comment while it is quiet', async () => {
  const { frames } = await readStream(chat.api, { path: path() }, ({ comment }) => comment);
  expect(frames.at(-1)?.raw).toMatch(/^:/);
});

it('8.7 resets a reader of another history', async () => {
  const { frames, ended } = await readStream(
    chat.api,
    { path: path('?after=100000&epoch=another') },
    () => false,
  );
  expect(ended).toBe(true);
  expect(frames.map(({ event }) => event)).toEqual(['stream_open', 'reset']);
  const { seq, epoch } = (await chat.api.get(`/api/conversations/${id}`)).json;
  expect(frames[1]?.json).toEqual({ head: seq, epoch });
});

it('8.8 says goodbye with a retry hint when the server stops', async () => {
  const second = await startServer({ role: 'api', env: chat.mode.env });
  const streams = Array.from({ length: 5 }, () =>
    readStream(new ApiClient(second.url), { path: path() }, () => false),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  // a stop that takes more than 10 s ends with 1
  expect(await second.stop()).toBe(0);
  for (const { frames, ended } of await Promise.all(streams)) {
    expect([ended, frames.at(-1)?.event]).toEqual([true, 'closing']);
    expect(frames.at(-1)?.raw).toMatch(/^retry: \d+$/m);
  }
});
