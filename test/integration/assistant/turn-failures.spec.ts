import { answerEvents, answerWith, type AnswerItem, type Reply } from '#assistant';
import { LogUnavailable, type RecordedEvent } from '#event-log';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';

let bench: TurnBench;
beforeAll(async () => {
  bench = await openTurnBench({ config: { upstreamIdleMs: 300 } });
});
afterAll(() => bench.close());

const whole = answerEvents([{ text: 'One, two, three, four.' }]);
const half = whole.slice(0, 6);
const partial = 'One, two, three,';

const endOf = (events: RecordedEvent[]): RecordedEvent => events.at(-1)!;

/** Answers every request of the turn alike. */
async function failing(
  reply: Reply,
): Promise<{ streamId: string; outcome: string; events: RecordedEvent[]; calls: number }> {
  bench.use(() => reply);
  const before = bench.model.received();
  const streamId = await bench.conversation();
  await bench.ask(streamId, 'Go.');
  const outcome = await bench.runner.run(streamId);
  return {
    streamId,
    outcome,
    events: await bench.soundEvents(streamId),
    calls: bench.model.received() - before,
  };
}

it.each<[number, string, string, number]>([
  [529, 'overloaded_error', 'overloaded', 3],
  [429, 'rate_limit_error', 'rate_limited', 3],
  [500, 'api_error', 'upstream_error', 3],
  [400, 'invalid_request_error', 'invalid_request', 1],
  [401, 'authentication_error', 'authentication', 1],
])(
  '%i before the answer: the turn fails with %s, and the question is kept',
  async (status, errorType, code, calls) => {
    const result = await failing({ kind: 'refusal', status, errorType, message: 'in words' });
    expect(result).toMatchObject({ outcome: 'failed', calls });
    expect(endOf(result.events)).toMatchObject({ type: 'TurnFailed', data: { code, message: 'in words' } });
    expect(result.events.map(({ type }) => type)).not.toContain('AssistantMessageStarted');
    expect(Object.values((await bench.state(result.streamId)).messages)).toMatchObject([
      { role: 'user', content: 'Go.' },
    ]);
  },
);

it.each<[string, AnswerItem[], string]>([
  ['an error event', [{ type: 'error', error: { type: 'overloaded_error', message: '' } }], 'overloaded'],
  ['silence', [{ do: 'stall' }], 'upstream_idle'],
  ['a cut', [{ do: 'cut' }], 'stream_truncated'],
  ['an end without message_stop', [], 'stream_truncated'],
])('%s midway: the turn is interrupted, what came is kept, no second call', async (_, items, reason) => {
  const { streamId, outcome, events, calls } = await failing({ kind: 'stream', items: [...half, ...items] });
  expect({ outcome, calls }).toEqual({ outcome: 'interrupted', calls: 1 });
  expect(endOf(events)).toMatchObject({ type: 'TurnInterrupted', data: { reason } });
  expect(Object.values((await bench.state(streamId)).messages)).toMatchObject([
    { role: 'user' },
    {
      role: 'assistant',
      content: partial,
      streamingStatus: 'error',
      metadata: { outcome: 'interrupted', reason },
    },
  ]);
});

it('events that make no message: the turn fails', async () => {
  const { outcome, events } = await failing({
    kind: 'stream',
    items: [...half, whole[0]!, ...whole.slice(6)],
  });
  expect(outcome).toBe('failed');
  expect(endOf(events)).toMatchObject({ type: 'TurnFailed', data: { code: 'stream_invalid' } });
});

it('a defect of ours: the turn fails, without the inner words', async () => {
  bench.use(() => answerWith([{ text: 'x' }]));
  const broken = await bench.another({ config: { systemPrompt: undefined } });
  const streamId = await bench.conversation();
  await bench.ask(streamId, 'Go.');
  expect(await broken.runner.run(streamId)).toBe('failed');
  expect(endOf(await bench.soundEvents(streamId))).toMatchObject({
    type: 'TurnFailed',
    data: { code: 'internal', message: 'The turn failed inside this service.' },
  });
});

it('stops at once when the process does: interrupted, and the partial answer stands', async () => {
  const process = await bench.another();
  bench.use(() => ({ kind: 'stream', items: [...half, { do: 'stall' }] }));
  const streamId = await bench.conversation();
  await bench.ask(streamId, 'Go.');
  const outcome = process.runner.run(streamId);
  while ((await bench.events(streamId)).at(-1)?.type !== 'StreamDeltaReceived') await pause(10);
  await process.runner.shutdown('interrupt');
  expect(await outcome).toBe('interrupted');
  const events = await bench.soundEvents(streamId);
  expect(endOf(events)).toMatchObject({ type: 'TurnInterrupted', data: { reason: 'shutdown' } });
  expect(await process.runner.run(streamId)).toBe('none');
});

it('drains: lets a running turn end, and interrupts one that takes too long', async () => {
  for (const [drainMs, expected] of [[5_000, 'completed'] as const, [100, 'interrupted'] as const]) {
    const process = await bench.another({ config: { upstreamIdleMs: 5_000 } });
    bench.use(() => ({ kind: 'stream', items: [...half, { do: 'wait', ms: 600 }, ...whole.slice(6)] }));
    const streamId = await bench.conversation();
    await bench.ask(streamId, 'Go.');
    const outcome = process.runner.run(streamId);
    while ((await bench.events(streamId)).at(-1)?.type !== 'StreamDeltaReceived') await pause(10);
    await process.runner.shutdown('drain', drainMs);
    expect(await outcome).toBe(expected);
    await bench.soundEvents(streamId);
  }
});

it('a log whose answers get lost: the same events, once', async () => {
  const process = await bench.another();
  const append = process.log.append.bind(process.log);
  let appends = 0;
  process.log.append = async (unit) => {
    appends += 1;
    // Every second unit: first not taken, then taken without a word, then taken again.
    if (appends % 4 === 1) throw new LogUnavailable('away');
    const outcome = await append(unit);
    if (appends % 4 === 2) throw new LogUnavailable('gone after the commit');
    return outcome;
  };
  bench.use(() => answerWith([{ text: 'One, two, three, four.' }]));
  const streamId = await bench.conversation();
  await bench.ask(streamId, 'Go.');
  expect(await process.runner.run(streamId)).toBe('completed');
  const deltas = (await bench.soundEvents(streamId)).filter(({ type }) => type === 'StreamDeltaReceived');
  expect(deltas.map(({ data }) => data)).toEqual(whole.filter(({ type }) => type !== 'ping').map(sameButIds));
});

/** The two answers differ in their message ids alone. */
const sameButIds = (event: Record<string, unknown>): unknown =>
  event.type === 'message_start'
    ? { ...event, message: { ...(event.message as object), id: expect.any(String) } }
    : event;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
