import { setTimeout as sleep } from 'node:timers/promises';
import { CommandBus, type Command } from '@nestjs/cqrs';
import {
  ArchiveConversation,
  CancelTurn,
  ConversationRepository,
  EditMessage,
  PostMessage,
  RenameConversation,
  RequestTurn,
  StartConversation,
  StreamGate,
  TrashConversation,
  type CommandAnswer,
} from '#conversations';
import { WrongExpectedVersion, type EventLog } from '#event-log';
import { initialState, newId, prune, foldEvents, reducerVersion } from '#model';
import { delta } from '../../support/event-log.js';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import { createPrng } from '../../support/prng.js';
import { contextOf, startServiceProcess, type ServiceProcess } from '../../support/service-process.js';

let database: TestDatabase;
let one: ServiceProcess;
let two: ServiceProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  [one, two] = await Promise.all([startServiceProcess(database.url), startServiceProcess(database.url)]);
});
afterAll(async () => {
  await Promise.all([one?.close(), two?.close()]);
  await database?.drop();
});

const send = (command: Command<CommandAnswer>, where = one): Promise<CommandAnswer> =>
  where.app.get(CommandBus).execute(command);
const start = async () => (await send(new StartConversation(contextOf(), {}))).streamId;

test('two processes that write to one conversation decide again: every command is carried out, once', async () => {
  const conversationId = await start();
  const posts = Array.from({ length: 200 }, (_, n) =>
    send(new PostMessage(contextOf(), { conversationId, role: 'user', content: `${n}` }), n % 2 ? one : two),
  );
  const answers = await Promise.all(posts);
  const events = await one.log.read(conversationId, { after: 1 });
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 200 }, (_, n) => n + 2));
  expect(answers.map(({ seqTo }) => seqTo).toSorted((a, b) => a - b)).toEqual(events.map(({ seq }) => seq));
  // Each decided on what the one before it had done: the messages are one chain.
  const messages = events.map(({ data }) => data as { messageId: string; parentId: string | null });
  for (const [index, { parentId }] of messages.entries())
    expect(parentId).toBe(messages[index - 1]?.messageId ?? null);
});

test('of turn requests that race in two processes, one is accepted', async () => {
  const conversationId = await start();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) =>
      send(new RequestTurn(contextOf(), { conversationId, prompt: 'go' }), n % 2 ? one : two),
    ),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'turn_in_progress' });
  }
  expect(await one.log.head(conversationId)).toBe(3);
});

/** Appends deltas without a pause until somebody else appended: the worst neighbour that a command can have. */
async function flood(log: EventLog, streamId: string, append: <T>(work: () => Promise<T>) => Promise<T>) {
  let head = await log.head(streamId);
  for (let count = 0; ; count += 1) {
    const unit = { streamId, tenantId: 'acme', expectedSeq: head, events: [delta()] };
    try {
      await append(() => log.append({ appends: [unit] }));
      head += 1;
    } catch (error) {
      if (error instanceof WrongExpectedVersion) return count;
      throw error;
    }
  }
}

test.each(['in this process', 'in another process'])(
  'a command gets through against a writer that never pauses, %s',
  async (where) => {
    const conversationId = await start();
    const { result } = await send(new RequestTurn(contextOf(), { conversationId, prompt: 'go' }));
    const writer = where === 'in this process' ? one : two;
    const gate = writer.app.get(StreamGate);
    const flooding = flood(writer.log, conversationId, (work) => gate.run(conversationId, work));
    await sleep(200);
    expect((await send(new CancelTurn(contextOf(), { turnId: result.turnId! }))).status).toBe(200);
    expect(await flooding).toBeGreaterThan(0);
  },
  20_000,
);

test('the decision state equals the fold of the log at every step, in both processes, whoever wrote', async () => {
  const random = createPrng('decision state');
  const conversationId = await start();
  const messages: string[] = [];
  let turnId: string | null = null;
  for (let step = 0; step < 150; step += 1) {
    const where = random.pick([one, two]);
    const context = contextOf();
    const command = random.pick<() => Command<CommandAnswer>>([
      () => new RenameConversation(context, { conversationId, title: `${step}` }),
      () => new ArchiveConversation(context, { conversationId }),
      () => new PostMessage(context, { conversationId, role: 'user', content: 'x', parentId: null }),
      () => new EditMessage(context, { conversationId, messageId: random.pick(messages), content: 'y' }),
      () => new RequestTurn(context, { conversationId, prompt: 'go' }),
      () => new CancelTurn(context, { turnId: turnId ?? newId() }),
    ]);
    const answer = await send(
      messages.length === 0
        ? new PostMessage(context, { conversationId, role: 'user', content: 'x' })
        : command(),
      where,
    ).catch((error: { status?: number }) => {
      if (error.status === undefined) throw error;
      return null;
    });
    if (answer?.result.kind === 'turn') turnId = answer.result.turnId!;
    if (answer?.result.messageId) messages.push(answer.result.messageId);
    const events = await one.log.read(conversationId);
    const expected = prune(foldEvents(conversationId, events, initialState(conversationId)));
    for (const { app } of [one, two]) {
      const loaded = await app.get(ConversationRepository).load(conversationId);
      expect(loaded!.state).toEqual(expected);
    }
  }
  // A third process starts from the snapshot that was left on the way.
  expect((await one.log.snapshot(conversationId, reducerVersion))!.seq).toBeGreaterThan(1);
  const three = await startServiceProcess(database.url);
  const loaded = await three.app.get(ConversationRepository).load(conversationId);
  const events = await one.log.read(conversationId);
  expect(loaded!.state).toEqual(prune(foldEvents(conversationId, events, initialState(conversationId))));
  expect(loaded!.sinceSnapshot).toBeLessThan(events.length);
  await three.close();
}, 30_000);

test('a long tail leaves a snapshot with the next command', async () => {
  const conversationId = await start();
  for (let n = 0; n < 110; n += 1)
    await send(new RenameConversation(contextOf(), { conversationId, title: `${n}` }));
  const snapshot = await one.log.snapshot(conversationId, reducerVersion);
  expect(snapshot!.seq).toBeGreaterThan(100);
  await send(new TrashConversation(contextOf(), { conversationId }), two);
  expect(await two.log.head(conversationId)).toBe(112);
});
