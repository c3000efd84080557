import { randomUUID } from 'node:crypto';
import { CommandBus, type Command } from '@nestjs/cqrs';
import {
  CancelTurn,
  CommandBatch,
  PostMessage,
  RenameConversation,
  RequestTurn,
  StartConversation,
  type CommandAnswer,
  type CommandContext,
} from '#conversations';
import { IdempotencyKeyReused } from '#event-log';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import {
  ann,
  bob,
  contextOf,
  startServiceProcess,
  type ServiceProcess,
} from '../../support/service-process.js';

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

/** The same command a hundred times at once, over both processes, and again later; the answers, first ones first. */
async function hundredTimes(make: (context: CommandContext) => Command<CommandAnswer>) {
  const key = randomUUID();
  const command = () => make(contextOf(ann, key));
  const atOnce = await Promise.all(Array.from({ length: 100 }, (_, n) => send(command(), n % 2 ? one : two)));
  const later = [await send(command(), one), await send(command(), two)];
  const answers = [...atOnce, ...later].map((answer) => ({ ...answer, replayed: null }));
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  const firsts = [...atOnce, ...later].filter(({ replayed }) => !replayed);
  expect(firsts).toHaveLength(1);
  return { answer: answers[0]!, key };
}

describe('a command with a key, 100 times at once in two processes and again later', () => {
  test('that starts a conversation, starts one', async () => {
    const { answer } = await hundredTimes((context) => new StartConversation(context, { title: 'once' }));
    expect(answer).toMatchObject({ status: 201, seqFrom: 1, seqTo: 1 });
    expect(await one.log.read(answer.streamId)).toHaveLength(1);
  });

  test('that changes nothing, writes its answer and nothing else', async () => {
    const conversationId = await start();
    await send(new RenameConversation(contextOf(), { conversationId, title: 'same' }));
    const { answer, key } = await hundredTimes(
      (context) => new RenameConversation(context, { conversationId, title: 'same' }),
    );
    expect(answer).toMatchObject({ status: 200, seqFrom: null, seqTo: 2 });
    expect(await one.log.head(conversationId)).toBe(2);
    expect(await one.log.findCommand({ tenantId: 'acme', principal: 'ann', commandId: key })).toMatchObject({
      seqFrom: null,
      seqTo: 2,
    });
  });

  test('that requests a turn, requests one, though the turn itself forbids a second', async () => {
    const conversationId = await start();
    const { answer } = await hundredTimes(
      (context) => new RequestTurn(context, { conversationId, prompt: 'go' }),
    );
    expect(answer).toMatchObject({ status: 202, seqFrom: 2, seqTo: 3 });
    expect(await one.log.head(conversationId)).toBe(3);
  });

  test('that posts a message, posts one', async () => {
    const conversationId = await start();
    const { answer } = await hundredTimes(
      (context) => new PostMessage(context, { conversationId, role: 'user', content: 'hello' }),
    );
    expect(answer.seqTo).toBe(2);
    expect(await one.log.head(conversationId)).toBe(2);
  });

  test('that cancels a turn, cancels it, and no repeat is told that it has ended', async () => {
    const conversationId = await start();
    const { result } = await send(new RequestTurn(contextOf(), { conversationId, prompt: 'go' }));
    const { answer } = await hundredTimes((context) => new CancelTurn(context, { turnId: result.turnId! }));
    expect(answer.status).toBe(200);
    expect(await one.log.head(conversationId)).toBe(4);
  });
});

test('the answer stays the first one, whatever happened since', async () => {
  const conversationId = await start();
  const context = contextOf(ann, randomUUID());
  const first = await send(new RenameConversation(context, { conversationId, title: 'a' }));
  await send(new RenameConversation(contextOf(), { conversationId, title: 'b' }));
  const again = await send(new RenameConversation(context, { conversationId, title: 'a' }), two);
  expect(again).toEqual({ ...first, replayed: true });
  expect(await one.log.head(conversationId)).toBe(3);
});

test('the same key with another body is refused, at once and later, and changes nothing', async () => {
  const conversationId = await start();
  const key = randomUUID();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => {
      const context = contextOf(ann, key, `body ${n % 4}`);
      return send(
        new RenameConversation(context, { conversationId, title: `title ${n % 4}` }),
        n % 2 ? one : two,
      );
    }),
  );
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  expect(refused).toHaveLength(15);
  for (const { reason } of refused) expect(reason).toBeInstanceOf(IdempotencyKeyReused);
  expect(await one.log.head(conversationId)).toBe(2);
  const later = new RenameConversation(contextOf(ann, key, 'body 9'), { conversationId, title: 'x' });
  await expect(send(later)).rejects.toBeInstanceOf(IdempotencyKeyReused);
});

test('keys are their principals: the same key of another one is another command', async () => {
  const key = randomUUID();
  const mine = await send(new StartConversation(contextOf(ann, key), {}));
  const theirs = await send(new StartConversation(contextOf(bob, key), {}));
  const elsewhere = await send(new StartConversation(contextOf({ ...ann, tenantId: 'other' }, key), {}));
  expect(new Set([mine.streamId, theirs.streamId, elsewhere.streamId]).size).toBe(3);
});

test('a refusal is not an answer: the same command is decided anew', async () => {
  const conversationId = await start();
  const { result } = await send(new RequestTurn(contextOf(), { conversationId, prompt: 'go' }));
  const again = new RequestTurn(contextOf(ann, 'again'), { conversationId, prompt: 'go on' });
  await expect(send(again)).rejects.toMatchObject({ code: 'turn_in_progress' });
  await send(new CancelTurn(contextOf(), { turnId: result.turnId! }));
  expect(await send(again)).toMatchObject({ status: 202, replayed: false });
});

const run = (items: Parameters<CommandBatch['run']>[1], context = contextOf()) =>
  one.app.get(CommandBatch).run(context, items);

describe('a batch', () => {
  test('runs in order, each its own unit with its own outcome; sent again it answers the same', async () => {
    const conversationId = await start();
    const items: Parameters<CommandBatch['run']>[1] = [
      {
        commandId: randomUUID(),
        type: 'renameConversation',
        data: { conversationId, title: 'a' },
        expectedSeq: 1,
      },
      {
        commandId: randomUUID(),
        type: 'renameConversation',
        data: { conversationId, title: 'b' },
        expectedSeq: 1,
      },
      { commandId: randomUUID(), type: 'postMessage', data: { conversationId, role: 'user', content: 'x' } },
      {
        commandId: randomUUID(),
        type: 'renameConversation',
        data: { conversationId: randomUUID(), title: 'x' },
      },
      { commandId: randomUUID(), type: 'startConversation', data: { title: 'new' } },
    ];
    const outcomes = await run(items);
    expect(outcomes.map(({ commandId }) => commandId)).toEqual(items.map(({ commandId }) => commandId));
    expect(
      outcomes.map((outcome) =>
        'answer' in outcome ? outcome.answer.status : (outcome.error as { code: string }).code,
      ),
    ).toEqual([200, 'wrong_expected_seq', 201, 'not_found', 201]);
    const again = await run(items.toReversed());
    for (const [index, outcome] of again.toReversed().entries()) {
      const first = outcomes[index]!;
      if ('answer' in first)
        expect(outcome).toEqual({ ...first, answer: { ...first.answer, replayed: true } });
    }
    expect(await one.log.head(conversationId)).toBe(3);
  });

  test('a commandId with another content is refused', async () => {
    const commandId = randomUUID();
    const outcomes = await run([
      { commandId, type: 'startConversation', data: { title: 'a' } },
      { commandId, type: 'startConversation', data: { title: 'b' } },
    ]);
    expect(outcomes[1]).toMatchObject({ error: expect.any(IdempotencyKeyReused) });
  });
});
