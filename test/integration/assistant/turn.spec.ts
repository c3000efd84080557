import {
  answerEvents,
  answerWith,
  hasToolResult,
  rebuildRequest,
  type AnswerPart,
  type Script,
} from '#assistant';
import type { RecordedEvent } from '#event-log';
import { selectedPath } from '#model';
import { deferred } from '../../support/deferred.js';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';

let bench: TurnBench;
beforeAll(async () => {
  bench = await openTurnBench();
});
afterAll(() => bench.close());

/** Runs of deltas count as one. */
const typesOf = (events: RecordedEvent[]): string[] =>
  events
    .map(({ type }) => type)
    .filter((type, index, all) => type !== 'StreamDeltaReceived' || all[index - 1] !== type);
const dataOf = (events: RecordedEvent[], type: string): Record<string, unknown>[] =>
  events.filter((event) => event.type === type).map(({ data }) => data as Record<string, unknown>);
const rowsOf = async (streamId: string): Promise<unknown[]> =>
  selectedPath(await bench.state(streamId)).map(({ role, content, streamingStatus, toolName, toolResult }) =>
    role === 'tool' ? [role, toolName, toolResult, streamingStatus] : [role, content, streamingStatus],
  );

/** The first answer of a turn, then a short one for its tool results. */
const toolLoop =
  (...parts: AnswerPart[]): Script =>
  (request) =>
    hasToolResult(request) ? answerWith([{ text: 'Done.' }]) : answerWith(parts);

/** Asks and runs; the checked log from the request on. */
async function turn(
  streamId: string,
  prompt: string,
  model?: string,
): Promise<{ outcome: string; events: RecordedEvent[] }> {
  const before = (await bench.events(streamId)).length;
  const turnId = await bench.ask(streamId, prompt, model);
  const outcome = await bench.runner.run(streamId, turnId);
  return { outcome, events: (await bench.soundEvents(streamId)).slice(before) };
}

it('runs a turn with two tool calls in one answer to its end', async () => {
  bench.use(
    toolLoop(
      { thinking: 'Two clocks.' },
      { text: 'Let me look.' },
      { tool: 'Clock', input: { timeZone: 'Europe/Paris' } },
      { tool: 'Clock', input: {} },
    ),
  );
  const streamId = await bench.conversation();
  const { outcome, events } = await turn(streamId, 'What time is it?');
  expect(outcome).toBe('completed');
  expect(typesOf(events)).toEqual([
    'MessagePosted',
    'TurnRequested',
    'TurnStarted',
    'ModelRequested',
    'AssistantMessageStarted',
    'StreamDeltaReceived',
    'AssistantMessageCompleted',
    'ToolCallStarted',
    'ToolCallSucceeded',
    'ToolCallStarted',
    'ToolCallSucceeded',
    'ModelRequested',
    'AssistantMessageStarted',
    'StreamDeltaReceived',
    'AssistantMessageCompleted',
    'TurnCompleted',
  ]);
  expect(await rowsOf(streamId)).toEqual([
    ['user', 'What time is it?', 'complete'],
    ['assistant', 'Let me look.', 'complete'],
    ['tool', 'Clock', expect.stringMatching(/Europe\/Paris$/), 'complete'],
    ['tool', 'Clock', expect.stringMatching(/UTC$/), 'complete'],
    ['assistant', 'Done.', 'complete'],
  ]);
  expect(await bench.log.turnRow(streamId)).toBeNull();
});

it('stores every event of the answer as it came, and asks what the log says that it asked', async () => {
  const parts: AnswerPart[] = [
    { text: 'nul \u0000, half \ud83d, 漢字' },
    { tool: 'Clock', id: 'toolu_1', input: {} },
  ];
  const sent = answerEvents(parts);
  bench.use((request) =>
    hasToolResult(request) ? answerWith([{ text: 'x' }]) : { kind: 'stream', items: sent },
  );
  const streamId = await bench.conversation();
  const { events } = await turn(streamId, 'Hello?');
  const stored = dataOf(events, 'StreamDeltaReceived').slice(0, sent.length - 1);
  expect(stored).toEqual(sent.filter(({ type }) => type !== 'ping'));
  for (const [index, event] of events.filter(({ type }) => type === 'ModelRequested').entries()) {
    const rebuilt = await rebuildRequest(bench.log, streamId, event);
    expect(bench.model.requests.at(index - 2)?.body).toEqual(JSON.parse(JSON.stringify(rebuilt.request)));
    expect(rebuilt.sha256).toBe((event.data as { sha256: string }).sha256);
  }
});

it('asks the model that the turn names, else the configured one', async () => {
  bench.use(() => answerWith([{ text: 'Yes.' }]));
  const streamId = await bench.conversation();
  await turn(streamId, 'You?', 'another-model');
  await turn(streamId, 'And now?');
  expect(bench.model.requests.slice(-2).map(({ body }) => body?.model)).toEqual([
    'another-model',
    'test-model',
  ]);
});

it.each<[string, AnswerPart, string, RegExp]>([
  ['a tool that there is not', { tool: 'Rm', input: {} }, 'unknown_tool', /no tool named Rm/],
  ['input of the wrong shape', { tool: 'Clock', input: { timeZone: 7 } }, 'input_invalid', /timeZone/],
  [
    'input that is no JSON',
    { tool: 'Clock', input: {}, inputJson: '{"timeZone": "Asia/To' },
    'input_invalid',
    /cut off/,
  ],
  [
    'a tool that fails',
    { tool: 'Clock', input: { timeZone: 'Mars/Olympus' } },
    'tool_failed',
    /no time zone/,
  ],
])('answers %s with an error result, and goes on', async (_, part, code, error) => {
  bench.use(toolLoop(part));
  const { outcome, events } = await turn(await bench.conversation(), 'Go.');
  expect(outcome).toBe('completed');
  expect(dataOf(events, 'ToolCallFailed')).toMatchObject([{ code, error: expect.stringMatching(error) }]);
  expect(dataOf(events, 'ToolCallSucceeded')).toEqual([]);
  const results = bench.model.requests.at(-1)?.body?.messages.at(-1)?.content;
  expect(results).toMatchObject([
    { type: 'tool_result', is_error: true, content: expect.stringMatching(error) },
  ]);
});

it('goes on after pause_turn with what was said so far', async () => {
  const search = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} };
  bench.use((request) =>
    request.messages.at(-1)?.role === 'assistant'
      ? answerWith([{ text: 'Found it.' }])
      : answerWith([{ text: 'Searching' }, { block: search }], { stopReason: 'pause_turn' }),
  );
  const streamId = await bench.conversation();
  const { outcome, events } = await turn(streamId, 'Search!');
  expect(outcome).toBe('completed');
  expect(dataOf(events, 'ModelRequested')).toHaveLength(2);
  const last = bench.model.requests.at(-1)?.body?.messages.at(-1);
  expect(last).toMatchObject({ role: 'assistant', content: [{ type: 'text', text: 'Searching' }, search] });
  // And the next turn is legal too.
  expect((await turn(streamId, 'Thanks')).outcome).toBe('completed');
});

it.each(['max_tokens', 'refusal', 'stop_sequence', 'model_context_window_exceeded'])(
  'completes an answer that stops with %s, and says so',
  async (stopReason) => {
    bench.use(() => answerWith([{ text: 'So far' }], { stopReason }));
    const { outcome, events } = await turn(await bench.conversation(), 'Go.');
    expect(outcome).toBe('completed');
    expect(dataOf(events, 'TurnCompleted')).toMatchObject([{ stopReason, steps: 1 }]);
    expect(dataOf(events, 'AssistantMessageCompleted')).toMatchObject([{ stopReason }]);
  },
);

it('does not run tools of an answer that was cut off at max_tokens', async () => {
  bench.use(() =>
    answerWith(
      [
        { tool: 'Clock', input: {} },
        { tool: 'Clock', input: {}, inputJson: '{"timeZone": "As' },
      ],
      { stopReason: 'max_tokens' },
    ),
  );
  const streamId = await bench.conversation();
  const { outcome, events } = await turn(streamId, 'Go.');
  expect(outcome).toBe('completed');
  expect(dataOf(events, 'ToolCallFailed').map(({ code }) => code)).toEqual(['not_run', 'input_invalid']);
  for (const { messageId } of dataOf(events, 'ToolCallStarted')) {
    const entity = await bench.log.entity(messageId as string);
    expect((await bench.log.read(streamId, { after: entity!.seq - 1, limit: 1 }))[0]).toMatchObject({
      type: 'ToolCallStarted',
      data: { messageId },
    });
  }
  bench.use(() => answerWith([{ text: 'Fine.' }]));
  expect((await turn(streamId, 'And now?')).outcome).toBe('completed');
});

it('fails after as many steps as are allowed', async () => {
  const small = await bench.another({ config: { maxSteps: 3 } });
  bench.use(() => answerWith([{ tool: 'Clock', input: {} }]));
  const streamId = await bench.conversation();
  const before = bench.model.received();
  await bench.ask(streamId, 'For ever.');
  expect(await small.runner.run(streamId)).toBe('failed');
  const events = await bench.soundEvents(streamId);
  expect(dataOf(events, 'TurnFailed')).toMatchObject([{ code: 'step_limit' }]);
  expect(dataOf(events, 'ToolCallSucceeded')).toHaveLength(3);
  expect(bench.model.received() - before).toBe(3);
});

it('repairs what an aborted turn left open, as events, and sends a legal request', async () => {
  // The first turn ends with its tool call asked for and not begun: its process dies.
  bench.use(() =>
    answerWith([
      { thinking: 'unsigned', signature: null },
      { tool: 'Clock', id: 'toolu_dead', input: {} },
    ]),
  );
  const streamId = await bench.conversation();
  const dying = await bench.another({ config: { leaseMs: 200, heartbeatMs: 100_000 } });
  const append = dying.log.append.bind(dying.log);
  const burial = deferred<never>();
  const killed = deferred();
  let dead = false;
  dying.log.append = (unit) => {
    dead ||= unit.appends.some(({ events }) => events.some(({ type }) => type === 'ToolCallStarted'));
    if (!dead) return append(unit);
    killed.resolve();
    return burial.promise;
  };
  await bench.ask(streamId, 'First');
  const life = dying.runner.run(streamId);
  await killed.promise;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await bench.settler.settleIfExpired(streamId)).toBe(true);
  burial.reject(new Error('killed'));
  await expect(life).rejects.toThrow('killed');

  bench.use(() => answerWith([{ text: 'Here again.' }]));
  const { outcome, events } = await turn(streamId, 'Second');
  expect(outcome).toBe('completed');
  expect(typesOf(events).slice(0, 4)).toEqual([
    'MessagePosted',
    'TurnRequested',
    'TurnStarted',
    'ToolCallFailed',
  ]);
  expect(dataOf(events, 'ToolCallFailed')).toMatchObject([{ toolUseId: 'toolu_dead', code: 'not_run' }]);
  expect(bench.model.requests.at(-1)?.body?.messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_dead' }] },
    {
      role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'toolu_dead', is_error: true }, { text: 'Second' }],
    },
  ]);
  // What was repaired once is not repaired again.
  expect(dataOf((await turn(streamId, 'Third')).events, 'ToolCallFailed')).toEqual([]);
});

it('sends the partial answer of an interrupted turn along, and rebuilds that request too', async () => {
  const whole = answerEvents([{ text: 'Half of it and the rest.' }]);
  bench.use(() => ({ kind: 'stream', items: [...whole.slice(0, 5), { do: 'cut' }] }));
  const streamId = await bench.conversation();
  const first = await turn(streamId, 'First');
  expect(first.outcome).toBe('interrupted');
  bench.use(() => answerWith([{ text: 'Here.' }]));
  const { events } = await turn(streamId, 'Second');
  expect(bench.model.requests.at(-1)?.body?.messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant', content: [{ type: 'text', text: 'Half of' }] },
    { role: 'user', content: [{ type: 'text', text: 'Second' }] },
  ]);
  const requested = events.find(({ type }) => type === 'ModelRequested')!;
  const { request, sha256 } = await rebuildRequest(bench.log, streamId, requested);
  expect(request).toEqual(bench.model.requests.at(-1)?.body);
  expect(sha256).toBe((requested.data as { sha256: string }).sha256);
});

it('leaves a snapshot that loads as the log folds', async () => {
  bench.use(toolLoop({ text: 'Look.' }, { tool: 'Clock', input: {} }));
  const streamId = await bench.conversation();
  await turn(streamId, 'One');
  const [fresh, other] = [await bench.another(), await bench.conversations.load(streamId)];
  expect((await fresh.conversations.load(streamId))?.sinceSnapshot).toBeLessThan(5);
  expect((await fresh.conversations.load(streamId))?.state).toEqual(other?.state);
});
