import { setTimeout as pause } from 'node:timers/promises';
import { answerWith, hasToolResult, promptOf, rebuildRequest } from '#assistant';
import { ForkConversation, type CommandContext } from '#conversations';
import type { RecordedEvent } from '#event-log';
import { DomainRefusal, newId } from '#model';
import { openTurnBench, type TurnBench } from '../../support/turn-bench.js';
import type { TurnProcess } from '../../support/turn-process.js';

let bench: TurnBench;
beforeAll(async () => void (bench = await openTurnBench()));
afterAll(() => bench?.close());

const context: CommandContext = {
  principal: { tenantId: 'tenant', userId: 'user', scopes: ['*'] },
  bodySha256: '0'.repeat(64),
};

async function fork(
  conversationId: string,
  at?: number,
  more: Partial<CommandContext> = {},
  process: TurnProcess = bench,
): Promise<string> {
  const command = new ForkConversation({ ...context, ...more }, { conversationId, at });
  return (await process.bus.execute(command)).streamId;
}

/** Two looks at the clock, then a text. */
const clocks = (): void =>
  bench.use((request) =>
    hasToolResult(request)
      ? answerWith([{ text: `Done with ${promptOf(request)}` }])
      : answerWith([{ text: 'Let me look.' }, { tool: 'Clock', input: {} }, { tool: 'Clock', input: {} }]),
  );
const texts = (): void => bench.use((request) => answerWith([{ text: `You said: ${promptOf(request)}` }]));

async function takeTurn(streamId: string, prompt: string): Promise<void> {
  await bench.ask(streamId, prompt);
  expect(await bench.runner.run(streamId)).toBe('completed');
}

/** What of an event is the same in every stream that reads it. */
const bare = ({ seq, type, data, at, metadata }: RecordedEvent) => [seq, type, data, at, metadata];
const ofType = (events: RecordedEvent[], type: string) => events.filter((event) => event.type === type);

/** Every request of the stream, its inherited ones too, can be built again from what the stream reads as its log. */
async function expectRebuildable(streamId: string): Promise<void> {
  const requested = ofType(await bench.events(streamId), 'ModelRequested');
  expect(requested.length).toBeGreaterThan(0);
  for (const event of requested) {
    const { sha256 } = event.data as { sha256: string };
    expect((await rebuildRequest(bench.log, streamId, event)).sha256).toBe(sha256);
  }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof DomainRefusal) return error.code;
    throw error;
  }
}

describe('a fork at every seq of a turn with tools', () => {
  it('goes on with a turn of its own, and leaves its parent as it was', async () => {
    clocks();
    const parent = await bench.conversation();
    await takeTurn(parent, 'What time is it?');
    const log = await bench.events(parent);
    texts();
    for (let at = 1; at <= log.length; at += 1) {
      const child = await fork(parent, at);
      expect(await bench.log.turnRow(child)).toBeNull();
      await takeTurn(child, `after ${at}`);
      const events = await bench.soundEvents(child);
      expect(events.slice(0, at).map(bare)).toEqual(log.slice(0, at).map(bare));
      expect(events[at]).toMatchObject({ type: 'ConversationForked', data: { parentId: parent, at } });
      await expectRebuildable(child);
      // the same, by a process that has only the log
      const { state } = (await bench.conversations.load(child))!;
      expect(state).toMatchObject({ seq: events.length, forkedFrom: { conversationId: parent, at } });
    }
    expect(await bench.events(parent)).toEqual(log);
  }, 120_000);
});

describe('a fork in the middle of an answer', () => {
  it('keeps the half and sends it on; the parent’s answer goes on and ends', async () => {
    const parent = await bench.conversation();
    texts();
    await takeTurn(parent, 'first');
    bench.use(() => ({ ...answerWith([{ text: 'word '.repeat(120) }]), speed: 50 }));
    const turnId = await bench.ask(parent, 'second');
    const running = bench.runner.run(parent);
    const begun = (await bench.events(parent)).length;
    while ((await bench.log.head(parent)) < begun + 25) await pause(5);
    const child = await fork(parent);
    const { seq } = (await bench.events(child)).find(({ type }) => type === 'ConversationForked')!;
    texts();
    await takeTurn(child, 'third');
    expect(await running).toBe('completed');
    const state = await bench.state(child);
    const half = Object.values(state.messages).find(({ metadata }) => metadata.reason === 'forked')!;
    expect(half.content).toMatch(/^(word )+/);
    expect(half.content.length).toBeLessThan('word '.repeat(120).length);
    const sent = bench.model.requests.map((request) => JSON.stringify(request)).at(-1)!;
    expect(sent).toContain(half.content.trimEnd());
    await expectRebuildable(child);
    await expectRebuildable(parent);
    await bench.soundEvents(child);
    const ended = ofType(await bench.soundEvents(parent), 'TurnCompleted');
    expect(ended.map(({ data }) => (data as { turnId: string }).turnId)).toContain(turnId);
    const grandchild = await fork(child, seq - 3);
    await takeTurn(grandchild, 'fourth');
    await expectRebuildable(grandchild);
    expect((await bench.log.info(grandchild))!.lineage).toEqual([{ streamId: parent, upTo: seq - 3 }]);
  }, 60_000);
});

describe('commands in a fork', () => {
  it('know what it has inherited, and nothing that its parent did later', async () => {
    texts();
    const parent = await bench.conversation();
    await takeTurn(parent, 'first');
    const child = await fork(parent);
    await takeTurn(parent, 'later');
    const { leafId } = await bench.state(child);
    const late = (await bench.state(parent)).leafId!;
    const edit = (messageId: string) =>
      bench.command(child, { type: 'editMessage', messageId, metadata: { a: 1 } });
    expect(await refusal(edit(leafId!))).toBe('none');
    expect(await refusal(edit(late))).toBe('not_found');
    await bench.command(child, { type: 'regenerate', messageId: leafId!, turnId: newId() });
    expect(await bench.runner.run(child)).toBe('completed');
    const state = await bench.state(child);
    expect(state.messages[state.leafId!]!.parentId).toBe(state.messages[leafId!]!.parentId);
    expect((await bench.state(parent)).messages[leafId!]!.metadata.a).toBeUndefined();
  });

  it('make one fork a key, whoever asks and however often', async () => {
    const parent = await bench.conversation();
    const other = await bench.another();
    const more = { commandId: `fork-${parent}` };
    const asked = [bench, other, bench, other].map((process) => fork(parent, undefined, more, process));
    const ids = new Set(await Promise.all(asked));
    await bench.command(parent, { type: 'renameConversation', title: 'more' });
    ids.add(await fork(parent, undefined, more, other));
    expect(ids.size).toBe(1);
    expect(await bench.log.forks(parent)).toHaveLength(1);
  });

  it('are refused in a parent that is not the principal’s, and leave nothing', async () => {
    const parent = await bench.conversation();
    const principal = { tenantId: 'tenant', userId: 'someone', scopes: ['*' as const] };
    expect(await refusal(fork(parent, 1, { principal }))).toBe('not_found');
    const reads = { ...context.principal, scopes: ['read' as const] };
    expect(await refusal(fork(parent, 1, { principal: reads }))).toBe('not_found');
    expect(await refusal(fork(parent, 1, { expectedSeq: 7 }))).toBe('wrong_expected_seq');
    expect(await bench.log.forks(parent)).toEqual([]);
  });
});
