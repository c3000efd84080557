import {
  answerEvents,
  answerWith,
  hasToolResult,
  type AnswerItem,
  type Tool,
  type TurnSignals,
} from '#assistant';
import type { RecordedEvent } from '#event-log';
import { DomainRefusal, newId } from '#model';
import { z } from 'zod';
import { deferred } from '../../support/deferred.js';
import { createPrng } from '../../support/prng.js';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';
import type { TurnProcess } from '../../support/turn-process.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const random = createPrng('turn-fence');

jest.setTimeout(60_000);

/** Takes its time, so that a turn can be stopped in the middle of it. */
const slowTool: Tool = {
  name: 'Slow',
  description: 'Waits.',
  input: z.object({}),
  execute: () => pause(15).then(() => 'waited'),
};

let bench: TurnBench;
beforeAll(async () => {
  bench = await openTurnBench({ tools: [slowTool] });
});
afterAll(() => bench.close());

const slowly = (items: AnswerItem[]): AnswerItem[] => items.flatMap((item) => [item, { do: 'wait', ms: 2 }]);

/** One tool loop of some 60 ms. */
function useToolLoop(): void {
  bench.use((request) => ({
    kind: 'stream',
    items: slowly(
      hasToolResult(request)
        ? answerEvents([{ text: 'That was that.' }])
        : answerEvents([
            { text: 'Let me wait a bit.' },
            { tool: 'Slow', input: {} },
            { tool: 'Slow', input: {} },
          ]),
    ),
  }));
}

const ends = (events: RecordedEvent[]): string[] =>
  events
    .map(({ type }) => type)
    .filter((type) => /^Turn(Completed|Failed|Cancelled|Interrupted)$/.test(type));

/** Each step is asked for once, and each is one call at most. */
function expectOneCallAStep(events: RecordedEvent[], calls: number): void {
  const steps = events
    .filter(({ type }) => type === 'ModelRequested')
    .map(({ data }) => (data as { step: number }).step);
  expect(steps).toEqual(steps.map((_, index) => index + 1));
  expect(calls).toBeLessThanOrEqual(steps.length);
}

/** Cancels; a turn that has just ended refuses. */
async function cancel(streamId: string, turnId: string, process: TurnProcess): Promise<boolean> {
  return bench.command(streamId, { type: 'cancelTurn', turnId }, process).then(
    () => true,
    (error: unknown) => {
      if (error instanceof DomainRefusal && error.code === 'turn_finished') return false;
      throw error;
    },
  );
}

it('is cancelled at any moment, by this process or another: one terminal event, nothing after it', async () => {
  useToolLoop();
  const other = await bench.another();
  let cancelled = 0;
  for (let round = 0; round < 60; round++) {
    const streamId = await bench.conversation();
    const turnId = await bench.ask(streamId, 'Go.');
    const before = bench.model.received();
    const outcome = bench.runner.run(streamId);
    await pause(random.between(0, 140));
    const won = await cancel(streamId, turnId, random.pick([bench, other]));
    const result = await outcome;
    await pause(2);
    const events = await bench.soundEvents(streamId);
    const messages = Object.values((await bench.state(streamId)).messages);
    expect({
      ends: ends(events),
      last: events.at(-1)?.type,
      open: messages.filter((m) => /pending|streaming/.test(m.streamingStatus)),
    }).toEqual({
      ends: [won ? 'TurnCancelled' : 'TurnCompleted'],
      last: won ? 'TurnCancelled' : 'TurnCompleted',
      open: [],
    });
    // Cancelled before it could claim the turn, there was none to run.
    expect(won ? ['lost', 'none', 'taken'] : ['completed']).toContain(result);
    expectOneCallAStep(events, bench.model.received() - before);
    cancelled += won ? 1 : 0;
  }
  expect(cancelled).toBeGreaterThan(20);
});

it.each(['onCommitted of this process', 'signals from another'])(
  'hears of a cancel by %s while the model is silent',
  async (how) => {
    const grown = new Map<string, (seq: number) => void>();
    const signals: TurnSignals = {
      watch: (streamId, onGrown) => {
        grown.set(streamId, onGrown);
        return () => void grown.delete(streamId);
      },
    };
    const process = await bench.another({
      signals,
      config: { upstreamIdleMs: 60_000, heartbeatMs: 60_000, leaseMs: 120_000 },
    });
    bench.use(() => ({
      kind: 'stream',
      items: [...answerEvents([{ text: 'Half' }]).slice(0, 4), { do: 'stall' }],
    }));
    const streamId = await bench.conversation();
    const turnId = await bench.ask(streamId, 'Go.');
    const outcome = process.runner.run(streamId);
    while ((await bench.events(streamId)).at(-1)?.type !== 'StreamDeltaReceived') await pause(10);
    if (how === 'signals from another') {
      await cancel(streamId, turnId, bench);
      grown.get(streamId)?.((await bench.events(streamId)).length);
    } else await cancel(streamId, turnId, process);
    expect(await outcome).toBe('lost');
    expect(grown.size).toBe(0);
    expect(ends(await bench.soundEvents(streamId))).toEqual(['TurnCancelled']);
  },
);

it('hears of a cancel at its next heartbeat where no signal came', async () => {
  const process = await bench.another({
    config: { upstreamIdleMs: 60_000, heartbeatMs: 50, leaseMs: 2_000 },
  });
  bench.use(() => ({ kind: 'hang' }));
  const streamId = await bench.conversation();
  const turnId = await bench.ask(streamId, 'Go.');
  const outcome = process.runner.run(streamId);
  while ((await bench.events(streamId)).at(-1)?.type !== 'ModelRequested') await pause(10);
  await cancel(streamId, turnId, bench);
  expect(await outcome).toBe('lost');
});

it('lets others write in between, and keeps its own events whole and in order', async () => {
  useToolLoop();
  const other = await bench.another();
  const streamId = await bench.conversation();
  await bench.ask(streamId, 'Go.');
  const turn = { running: true };
  const outcome = bench.runner.run(streamId).finally(() => (turn.running = false));
  let renames = 0;
  for (const process of [bench, other, other]) {
    void (async () => {
      while (turn.running) {
        await bench.command(streamId, { type: 'renameConversation', title: `Title ${newId()}` }, process);
        renames += 1;
        await pause(random.between(5, 20));
      }
    })();
  }
  expect(await outcome).toBe('completed');
  await pause(100);
  const events = await bench.soundEvents(streamId);
  expect(renames).toBeGreaterThan(10);
  const sent = bench.model.requests.slice(-2).map(({ body }) => body?.messages.length);
  expect(sent).toEqual([1, 3]);
  const own = events.filter(({ type }) => type !== 'ConversationRenamed').map(({ type }) => type);
  expect(own.filter((type) => type === 'ToolCallSucceeded')).toHaveLength(2);
  expect((await bench.state(streamId)).markers).toEqual([]);
});

it('is run once, however often it is run at once, here and elsewhere', async () => {
  useToolLoop();
  const others = await Promise.all([bench.another(), bench.another()]);
  const streamId = await bench.conversation();
  await bench.ask(streamId, 'Go.');
  const before = bench.model.received();
  const outcomes = await Promise.all(
    [bench, bench, ...others, ...others].map(({ runner }) => runner.run(streamId)),
  );
  expect(outcomes.toSorted()).toEqual(['completed', 'taken', 'taken', 'taken', 'taken', 'taken']);
  expect(bench.model.received() - before).toBe(2);
  expect(await bench.runner.run(streamId)).toBe('none');
});

it('does not go on after its lease ran out: the turn is interrupted, and its late append is refused', async () => {
  const paused = await bench.another({ config: { leaseMs: 200, heartbeatMs: 60_000 } });
  bench.use(() => answerWith([{ text: 'Too late.' }]));
  const streamId = await bench.conversation();
  await bench.ask(streamId, 'Go.');
  const append = paused.log.append.bind(paused.log);
  const wake = deferred();
  paused.log.append = async (unit) => {
    if (unit.appends[0]?.events[0]?.type === 'AssistantMessageStarted') await wake.promise;
    return append(unit);
  };
  const outcome = paused.runner.run(streamId);
  while (!(await bench.log.expiredTurns(10)).some((turn) => turn.streamId === streamId)) await pause(20);
  // A job that is delivered again in the meantime does not run it either: it settles it.
  expect(await bench.runner.run(streamId)).toBe('taken');
  wake.resolve();
  expect(await outcome).toBe('lost');
  const events = await bench.soundEvents(streamId);
  expect(events.at(-1)).toMatchObject({ type: 'TurnInterrupted', data: { reason: 'lease_expired' } });
  expect(events.map(({ type }) => type)).not.toContain('AssistantMessageStarted');
});
