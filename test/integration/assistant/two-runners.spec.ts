import {
  answerEvents,
  ClaudeClient,
  ClockTool,
  Fence,
  ModelCallError,
  ToolRegistry,
  TurnProjects,
  TurnRunner,
  type RawEvent,
} from '#assistant';
import { ConversationRepository, StreamGate, TurnVersions, type TurnSettler } from '#conversations';
import { WrongExpectedVersion, type AppendUnit, type BlobStore, type EventLog } from '#event-log';
import { isOpen, newId, terminalEventTypes } from '#model';
import { loadConfig } from '#platform';
import { ProjectRepository } from '#projects';
import { checkHistory } from '../../support/history-checker.js';
import { MemoryLog, type Mishap } from '../../support/memory-log.js';
import { createPrng, quietPrng, type Prng } from '../../support/prng.js';
import { Schedule } from '../../support/schedule.js';

/*
 * Two runners, a reaper and a person who cancels share one turn. Each may be paused at any step for longer than a lease,
 * appends get lost and answers of appends too. The runners are the real ones; log, time and model are the test's.
 */
jest.setTimeout(170_000);

const schedules = Number(process.env.CHATLOG_TEST_SCHEDULES ?? 1_000);
const leaseMs = 300;
const config = { ...loadConfig({}), model: 'test-model', leaseMs, heartbeatMs: 100 };
const unit = (
  streamId: string,
  expectedSeq: number,
  ...events: [string, object][]
): AppendUnit['appends'][0] => ({
  streamId,
  tenantId: 'tenant',
  expectedSeq,
  events: events.map(([type, data]) => ({ eventId: newId(), type, schemaVersion: 1, data, metadata: {} })),
});

/** A model call is known by the `ModelRequested` that its runner had committed last. */
type Call = { seq: number; step: number };

type World = { log: MemoryLog; calls: Call[]; schedule: Schedule; random: Prng; turnId: string };

class UnfencedRunner extends TurnRunner {
  protected override readonly fence = new (class extends Fence {
    override reasonIn(): null {
      return null;
    }
    override startedByOther(): boolean {
      return false;
    }
  })();
}

function newWorld(seed: number): World {
  const random = quietPrng(seed);
  const [streamId, turnId, messageId] = [newId(), newId(), newId()];
  const log = new MemoryLog(streamId);
  const asked = unit(
    streamId,
    0,
    ['ConversationStarted', {}],
    [
      'MessagePosted',
      { messageId, parentId: null, role: 'user', content: [{ type: 'text', text: 'Time?' }] },
    ],
    ['TurnRequested', { turnId, messageId }],
  );
  log.append({ appends: [asked], openTurn: { streamId, turnId } });
  const advance = (ms: number): void => {
    log.now += ms;
    jest.advanceTimersByTime(ms);
  };
  const schedule = new Schedule(random, {
    advance,
    pauseChance: random.pick([0.004, 0.015, 0.05]),
    longestPauseMs: 3 * leaseMs,
  });
  return { log, calls: [], schedule, random, turnId };
}

/** Two steps: a tool call, then a text. */
function claudeOf(world: World, actor: string, lastRequested: () => Call): ClaudeClient {
  const stream = async function* (
    request: { messages: unknown[] },
    signal: AbortSignal,
  ): AsyncGenerator<RawEvent> {
    world.calls.push(lastRequested());
    const parts = request.messages.length === 1 ? [{ tool: 'Clock', input: {} }] : [{ text: 'It is late.' }];
    for (const event of answerEvents(parts)) {
      await world.schedule.step(actor);
      if (signal.aborted) throw new ModelCallError('aborted', 'stopped', false);
      if (event.type !== 'ping') yield event;
    }
  };
  return { stream } as unknown as ClaudeClient;
}

function runnerOf(world: World, actor: string, Runner: typeof TurnRunner): TurnRunner {
  let last: Call = { seq: 0, step: 0 };
  const mishap = (): Mishap => {
    const roll = world.random.next();
    return roll < 0.02 ? 'lost' : roll < 0.04 ? 'unanswered' : 'none';
  };
  const log = world.log.seenBy({ step: () => world.schedule.step(actor), mishap }, ({ appends: [part] }) => {
    const index = part!.events.findIndex(({ type }) => type === 'ModelRequested');
    if (index === -1) return;
    last = { seq: part!.expectedSeq + 1 + index, step: (part!.events[index]!.data as Call).step };
  });
  const settler = { settleIfExpired: () => reap(world, log).catch(() => false) } as unknown as TurnSettler;
  const tools = new ToolRegistry([new ClockTool()]);
  const claude = claudeOf(world, actor, () => last);
  // The turn has no project: nothing but the log is asked.
  const projects = new TurnProjects(
    log,
    new ProjectRepository(log),
    {} as unknown as BlobStore,
    new TurnVersions(log),
  );
  const conversations = new ConversationRepository(log);
  return new Runner(config, log, conversations, new StreamGate(), settler, claude, tools, projects);
}

/** Appends the terminal event that `choose` gives for the open turn, by the rules of a command. */
async function endTurn(
  log: EventLog,
  world: World,
  type: string,
  mayEnd: () => Promise<boolean>,
): Promise<boolean> {
  const { streamId } = world.log;
  const conversations = new ConversationRepository(log);
  for (;;) {
    const state = (await conversations.load(streamId))!.state;
    if (!isOpen(state.turn) || !(await mayEnd())) return false;
    const data = { turnId: world.turnId, reason: 'test' };
    try {
      await log.append({
        appends: [unit(streamId, state.seq, [type, data])],
        closeTurn: { streamId, turnId: world.turnId },
      });
      return true;
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion)) throw error;
    }
  }
}

const reap = (world: World, log: EventLog): Promise<boolean> =>
  endTurn(log, world, 'TurnInterrupted', async () => {
    const row = await log.turnRow(world.log.streamId);
    return row !== null && row.startedAt !== null && !row.leaseRuns;
  });

/** Plays one schedule to its end: the broken promises, and the last event. */
async function play(seed: number, Runner: typeof TurnRunner): Promise<{ violations: string[]; end: string }> {
  const world = newWorld(seed);
  const { log, schedule, random, turnId } = world;
  // Back-off has jitter: the seed decides that too.
  jest.spyOn(Math, 'random').mockImplementation(() => random.next());
  const never = { mishap: (): Mishap => 'none' };
  let busy = 0;
  const act = (work: () => Promise<unknown>): void => {
    busy += 1;
    void work().finally(() => (busy -= 1));
  };
  for (const actor of ['A', 'B']) {
    const runner = runnerOf(world, actor, Runner);
    act(async () => {
      // Jobs are hints: delivered late, and again as long as the turn is open.
      while (log.row !== null) {
        await schedule.step(actor);
        await runner.run(log.streamId, turnId);
      }
    });
  }
  act(async () => {
    const view = log.seenBy({ step: () => schedule.step('reaper'), ...never });
    while (log.row !== null) await reap(world, view);
  });
  if (random.next() < 0.3)
    act(async () => {
      for (let steps = random.between(0, 60); steps > 0; steps--) await schedule.step('person');
      const view = log.seenBy({ step: () => schedule.step('person'), ...never });
      await endTurn(view, world, 'TurnCancelled', () => Promise.resolve(true));
    });
  await schedule.run(() => busy === 0);
  return { violations: violationsOf(world), end: log.events.at(-1)!.type };
}

function violationsOf({ log, calls }: World): string[] {
  const found = checkHistory({ streamId: 'S', log: log.events }).map(
    ({ rule, detail }) => `${rule}: ${detail}`,
  );
  const steps = calls.map(({ step }) => step);
  if (new Set(steps).size !== steps.length)
    found.push(`the model was called for the steps ${steps.join(', ')}`);
  if (calls.some(({ seq }) => log.events[seq - 1]?.type !== 'ModelRequested'))
    found.push('a call before its ModelRequested');
  const end = log.events.findIndex(({ type }) => (terminalEventTypes as readonly string[]).includes(type));
  if (end !== log.events.length - 1)
    found.push(
      `events after the turn's end: ${log.events
        .slice(end)
        .map(({ type }) => type)
        .join(' ')}`,
    );
  return found;
}

const { seed } = createPrng('two-runners');

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

it(`${schedules} schedules: never two calls for one step, never two terminal events`, async () => {
  const ends: Record<string, number> = {};
  for (let index = 0; index < schedules; index++) {
    const { violations, end } = await play(seed + index, TurnRunner);
    expect({ seed: seed + index, violations }).toEqual({ seed: seed + index, violations: [] });
    ends[end] = (ends[end] ?? 0) + 1;
  }
  process.stderr.write(`ends of ${schedules} schedules: ${JSON.stringify(ends)}\n`);
  expect(Object.keys(ends).toSorted()).toEqual(['TurnCancelled', 'TurnCompleted', 'TurnInterrupted']);
});

it('the same without the fence: both happen, so the schedules can show it', async () => {
  let [calledTwice, endedTwice] = [0, 0];
  for (let index = 0; index < schedules / 5; index++) {
    const { violations } = await play(seed + index, UnfencedRunner);
    calledTwice += violations.some((violation) => violation.includes('was called for')) ? 1 : 0;
    endedTwice += violations.some((violation) => violation.includes('terminal events')) ? 1 : 0;
  }
  process.stderr.write(
    `without the fence, of ${schedules / 5}: ${calledTwice} called twice, ${endedTwice} ended twice\n`,
  );
  expect(calledTwice).toBeGreaterThan(0);
  expect(endedTwice).toBeGreaterThan(0);
});
