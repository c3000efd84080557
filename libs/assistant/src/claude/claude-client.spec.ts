import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { answerEvents } from '../scripted-model/answer.js';
import type { AnswerItem, Reply, Script, StreamReply } from '../scripted-model/protocol.js';
import { playRecording } from '../scripted-model/recording.js';
import { startScriptedModel, type ScriptedModel } from '../scripted-model/scripted-model.js';
import { ClaudeClient, type ClaudeClientOptions, type RawEvent } from './claude-client.js';
import { ModelCallError } from './model-call-error.js';

const recordings = resolve(import.meta.dirname, '../../../../../shared/fixtures/anthropic');
const request = { model: 'test-model', max_tokens: 16, messages: [{ role: 'user', content: 'hello' }] };

let server: ScriptedModel;
let script: Script;

beforeAll(async () => {
  server = await startScriptedModel({ speed: 0, script: (body, call) => script(body, call) });
});
afterAll(() => server.close());

const client = (options: Partial<ClaudeClientOptions> = {}): ClaudeClient =>
  new ClaudeClient({ apiKey: 'test', baseUrl: server.url, idleMs: 2_000, retryDelayMs: 1, ...options });

/** Plays `reply` to one call and gives what came of it. */
async function call(
  reply: Reply | Reply[],
  options: Partial<ClaudeClientOptions> = {},
  signal = new AbortController().signal,
): Promise<{ events: RawEvent[]; error: ModelCallError | null; requests: number }> {
  const replies = [reply].flat();
  const before = server.received();
  script = () => replies[Math.min(server.received() - before, replies.length) - 1] as Reply;
  const events: RawEvent[] = [];
  const error = await (async () => {
    for await (const event of client(options).stream(request, signal)) events.push(event);
    return null;
  })().catch((thrown: unknown) => {
    if (thrown instanceof ModelCallError) return thrown;
    throw thrown;
  });
  return { events, error, requests: server.received() - before };
}

const stream = (items: AnswerItem[], options: Partial<StreamReply> = {}): StreamReply => ({
  kind: 'stream',
  items,
  ...options,
});
const whole = answerEvents([{ text: 'One, two, three.' }]);
const withoutPings = (events: AnswerItem[]): AnswerItem[] =>
  events.filter((event) => !('type' in event) || event.type !== 'ping');

/** The data of each frame that is an event, read without the SDK. */
const eventsOf = (recording: string): unknown[] =>
  recording
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => JSON.parse(line.slice(6)) as { type: string })
    .filter((event) => event.type !== 'ping');

describe('recorded streams', () => {
  const names = existsSync(recordings) ? readdirSync(recordings).filter((name) => name.endsWith('.sse')) : [];
  if (names.length === 0) {
    console.warn(`SKIPPED: recorded streams, because ${recordings} is absent`);
    it.skip('need ../shared/fixtures/anthropic', () => undefined);
    return;
  }
  const read = (name: string): string => readFileSync(resolve(recordings, name), 'utf8');
  const core = readFileSync(resolve(recordings, 'core.txt'), 'utf8').trim().split('\n');

  it(`all ${names.length} arrive as the events of the file, in order and unchanged`, async () => {
    for (const name of names) {
      const { events, error } = await call(playRecording(read(name)));
      expect({ name, error, events }).toEqual({ name, error: null, events: eventsOf(read(name)) });
    }
  });

  it('arrive the same with CRLF', async () => {
    for (const name of core) {
      const { events } = await call(playRecording(read(name), { lineEnd: '\r\n' }));
      expect({ name, events }).toEqual({ name, events: eventsOf(read(name)) });
    }
  });

  it('arrive the same in chunks of one byte', async () => {
    for (const name of core) {
      const { events } = await call(playRecording(read(name), { chunkBytes: 1 }));
      expect({ name, events }).toEqual({ name, events: eventsOf(read(name)) });
    }
  });
});

it('keeps the exact text of every delta: control characters, half surrogates, CJK', async () => {
  const texts = ['\u0000', '\ud83d', '\ude00', '漢字', '\u2028', '$&', ' '];
  const items = answerEvents([
    { block: { type: 'text', text: '' }, deltas: texts.map((text) => ({ type: 'text_delta', text })) },
  ]);
  const { events } = await call(stream(items));
  expect(events).toEqual(withoutPings(items));
});

const refusal = (status: number, errorType: string, headers: Record<string, string> = {}): Reply => ({
  kind: 'refusal',
  status,
  errorType,
  message: 'in words',
  headers,
});

describe('before the first event', () => {
  it.each([
    [529, 'overloaded_error', 'overloaded', 3],
    [429, 'rate_limit_error', 'rate_limited', 3],
    [500, 'api_error', 'upstream_error', 3],
    [503, 'api_error', 'upstream_error', 3],
    [400, 'invalid_request_error', 'invalid_request', 1],
    [404, 'not_found_error', 'invalid_request', 1],
    [413, 'request_too_large', 'invalid_request', 1],
    [401, 'authentication_error', 'authentication', 1],
    [403, 'permission_error', 'authentication', 1],
  ])('%i %s fails with %s after %i calls', async (status, errorType, code, calls) => {
    const { events, error, requests } = await call(refusal(status, errorType));
    expect({ events, code: error?.code, message: error?.message, requests }).toEqual({
      events: [],
      code,
      message: 'in words',
      requests: calls,
    });
  });

  it('succeeds when the third call does', async () => {
    const { events, requests } = await call([
      refusal(529, 'overloaded_error'),
      { kind: 'drop' },
      stream(whole),
    ]);
    expect({ events, requests }).toEqual({ events: withoutPings(whole), requests: 3 });
  });

  it('retries an error event that comes first in the stream', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const result = await call([stream([error]), stream([{ type: 'ping' }, error]), stream(whole)]);
    expect(result).toEqual({ events: withoutPings(whole), error: null, requests: 3 });
  });

  it('does as the server says: x-should-retry', async () => {
    expect((await call(refusal(529, 'overloaded_error', { 'x-should-retry': 'false' }))).requests).toBe(1);
    expect((await call(refusal(400, 'invalid_request_error', { 'x-should-retry': 'true' }))).requests).toBe(
      3,
    );
  });

  it('waits as long as retry-after says, and does not retry when that is too long', async () => {
    const begunAt = Date.now();
    await call([refusal(429, 'rate_limit_error', { 'retry-after': '0.3' }), stream(whole)]);
    expect(Date.now() - begunAt).toBeGreaterThanOrEqual(300);
    expect((await call(refusal(429, 'rate_limit_error', { 'retry-after': '3600' }))).requests).toBe(1);
  });

  it('gives up on a server that is not there', async () => {
    const { error } = await call(stream(whole), { baseUrl: 'http://127.0.0.1:1' });
    expect(error?.code).toBe('upstream_unavailable');
  });

  it('gives up on a server that never answers', async () => {
    const { error, requests } = await call({ kind: 'hang' }, { idleMs: 50, maxRetries: 1 });
    expect({ code: error?.code, requests }).toEqual({ code: 'upstream_idle', requests: 2 });
  });
});

const half = whole.slice(0, 4);

async function* pings(): AsyncGenerator<AnswerItem> {
  yield* half;
  for (;;) {
    yield { do: 'wait', ms: 10 };
    yield { type: 'ping' };
  }
}

describe('after the first event', () => {
  it.each<[string, AnswerItem[], string]>([
    [
      'an error event',
      [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
      'overloaded',
    ],
    [
      'another error event',
      [{ type: 'error', error: { type: 'api_error', message: 'x' } }],
      'upstream_error',
    ],
    ['a cut', [{ do: 'cut' }], 'stream_truncated'],
    ['an end without message_stop', [], 'stream_truncated'],
    ['silence', [{ do: 'stall' }], 'upstream_idle'],
    ['no JSON', [{ do: 'raw', text: 'event: content_block_delta\ndata: {"type":\n\n' }], 'stream_invalid'],
  ])('%s ends the call, with what came before, and it is not made again', async (_, items, code) => {
    const { events, error, requests } = await call(stream([...half, ...items]), { idleMs: 200 });
    expect({ events, code: error?.code, requests }).toEqual({
      events: withoutPings(half),
      code,
      requests: 1,
    });
  });

  it('pings are no silence', async () => {
    const pings = Array.from({ length: 8 }, (): AnswerItem[] => [
      { do: 'wait', ms: 50 },
      { type: 'ping' },
    ]).flat();
    const { error } = await call(stream([...half, ...pings, ...whole.slice(4)]), { idleMs: 150 });
    expect(error).toBeNull();
  });

  it('pings for ever are', async () => {
    const { error } = await call({ kind: 'stream', items: pings() }, { idleMs: 40 });
    expect(error?.code).toBe('upstream_idle');
  });

  it('a connection that stays open after message_stop does not spoil the answer', async () => {
    const { events, error } = await call(stream([...whole, { do: 'stall' }]));
    expect({ events, error }).toEqual({ events: withoutPings(whole), error: null });
  });

  it('what follows message_stop is passed on', async () => {
    const { events } = await call(stream([...whole, whole[0] as AnswerItem]));
    expect(events.at(-1)).toEqual(whole[0]);
  });

  it('a slow reader is no silence', async () => {
    script = () => stream(whole);
    let count = 0;
    for await (const event of client({ idleMs: 50 }).stream(request, new AbortController().signal)) {
      if (count++ === 2) await new Promise((done) => setTimeout(done, 150));
      expect(event.type).toBeDefined();
    }
    expect(count).toBe(withoutPings(whole).length);
  });
});

describe('stopping', () => {
  it('before the answer, in it and in a pause between two tries, is at once and final', async () => {
    const replies: Reply[] = [
      { kind: 'hang' },
      stream([...whole.slice(0, 4), { do: 'stall' }]),
      {
        kind: 'refusal',
        status: 429,
        errorType: 'rate_limit_error',
        message: '',
        headers: { 'retry-after': '20' },
      },
    ];
    for (const reply of replies) {
      const stop = new AbortController();
      const begunAt = Date.now();
      setTimeout(() => stop.abort(), 100);
      const { error, requests } = await call(reply, { idleMs: 10_000 }, stop.signal);
      expect({ code: error?.code, requests }).toEqual({ code: 'aborted', requests: 1 });
      expect(Date.now() - begunAt).toBeLessThan(5_000);
    }
  });

  it('by a reader who leaves an answer that has come is nobody’s error', async () => {
    script = () => stream(whole);
    // one without a listener fails the test that runs when it is thrown
    for (let left = 1; left < 5; left += 1) {
      let read = 0;
      for await (const event of client().stream(request, new AbortController().signal)) {
        expect(event.type).toBeDefined();
        if ((read += 1) === left) break;
      }
      await new Promise((done) => setTimeout(done, 30));
    }
  });

  it('closes the connection when the reader leaves', async () => {
    let onClosed: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => (onClosed = resolve));
    async function* items(): AsyncGenerator<AnswerItem> {
      try {
        yield* whole.slice(0, 4);
        for (;;) {
          yield { do: 'wait', ms: 5 };
          yield { type: 'ping' };
        }
      } finally {
        onClosed?.();
      }
    }
    script = () => ({ kind: 'stream', items: items() });
    for await (const event of client().stream(request, new AbortController().signal)) {
      if (event.type === 'content_block_delta') break;
    }
    await closed;
  });
});
