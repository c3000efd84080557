import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import {
  AppendChunk,
  ArchiveConversation,
  CancelTurn,
  CompleteMessage,
  EditMessage,
  PostMessage,
  Regenerate,
  RemoveMessage,
  RenameConversation,
  RequestTurn,
  RestoreConversation,
  SelectBranch,
  StartConversation,
  TrashConversation,
  UnarchiveConversation,
  type CommandAnswer,
} from '#conversations';
import { reducerVersion } from '#model';
import type { Command } from '@nestjs/cqrs';
import { createTestDatabase, type TestDatabase } from '../../support/postgres.js';
import {
  ann,
  bob,
  contextOf,
  startServiceProcess,
  type ServiceProcess,
} from '../../support/service-process.js';

let database: TestDatabase;
let service: ServiceProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  service = await startServiceProcess(database.url);
});
afterAll(async () => {
  await service?.close();
  await database?.drop();
});

const send = (command: Command<CommandAnswer>): Promise<CommandAnswer> =>
  service.app.get(CommandBus).execute(command);
const start = async (title?: string) => (await send(new StartConversation(contextOf(), { title }))).streamId;
const post = async (conversationId: string, more: Partial<PostMessage['input']> = {}) =>
  (await send(new PostMessage(contextOf(), { conversationId, role: 'user', content: 'hello', ...more })))
    .result.id!;
const types = async (streamId: string) => (await service.log.read(streamId)).map(({ type }) => type);

/** The refusal, and proof that it left the log as it was. */
async function refused(streamId: string, command: Command<CommandAnswer>) {
  const before = await service.log.read(streamId);
  const error = (await send(command).then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )) as Error & { code?: string; status?: number; details?: unknown };
  expect(await service.log.read(streamId)).toEqual(before);
  return { code: error.code ?? error.message, status: error.status, details: error.details };
}

describe('conversations', () => {
  test('start, rename, archive, unarchive, trash, restore: one event each, and none the second time', async () => {
    const started = await send(new StartConversation(contextOf(), { title: 'first' }));
    const conversationId = started.streamId;
    expect(started).toEqual({
      status: 201,
      result: { status: 201, kind: 'conversation', id: conversationId, conversationId },
      streamId: conversationId,
      seqFrom: 1,
      seqTo: 1,
      replayed: false,
    });
    const steps: [Command<CommandAnswer>, number, number | null][] = [
      [new RenameConversation(contextOf(), { conversationId, title: 'second' }), 200, 2],
      [new RenameConversation(contextOf(), { conversationId, title: 'second' }), 200, null],
      [new ArchiveConversation(contextOf(), { conversationId }), 200, 3],
      [new ArchiveConversation(contextOf(), { conversationId }), 200, null],
      [new UnarchiveConversation(contextOf(), { conversationId }), 200, 4],
      [new UnarchiveConversation(contextOf(), { conversationId }), 200, null],
      [new TrashConversation(contextOf(), { conversationId }), 204, 5],
      [new TrashConversation(contextOf(), { conversationId }), 204, null],
      [new RestoreConversation(contextOf(), { conversationId }), 200, 6],
      [new RestoreConversation(contextOf(), { conversationId }), 200, null],
    ];
    for (const [command, status, seqFrom] of steps) {
      const answer = await send(command);
      expect([answer.status, answer.seqFrom]).toEqual([status, seqFrom]);
    }
    expect(await types(conversationId)).toEqual([
      'ConversationStarted',
      'ConversationRenamed',
      'ConversationArchived',
      'ConversationUnarchived',
      'ConversationTrashed',
      'ConversationRestored',
    ]);
    expect(await service.log.info(conversationId)).toMatchObject({
      tenantId: 'acme',
      ownerId: 'ann',
      kind: 'conversation',
    });
  });

  test('in the trash everything but restoring is refused', async () => {
    const conversationId = await start();
    const messageId = await post(conversationId);
    await send(new TrashConversation(contextOf(), { conversationId }));
    for (const command of [
      new RenameConversation(contextOf(), { conversationId, title: 'x' }),
      new PostMessage(contextOf(), { conversationId, role: 'user', content: 'x' }),
      new EditMessage(contextOf(), { messageId, content: 'x' }),
      new RequestTurn(contextOf(), { conversationId, prompt: 'x' }),
    ]) {
      expect(await refused(conversationId, command)).toMatchObject({
        code: 'conversation_trashed',
        status: 409,
      });
    }
  });

  test('what is not yours does not exist, by any route', async () => {
    const conversationId = await start();
    const messageId = await post(conversationId);
    const { result } = await send(new RequestTurn(contextOf(), { conversationId, prompt: 'x' }));
    const other = contextOf(bob);
    const elsewhere = contextOf({ ...ann, tenantId: 'other' });
    const readOnly = contextOf({ ...ann, scopes: ['read'] });
    for (const command of [
      new RenameConversation(other, { conversationId, title: 'mine' }),
      new RenameConversation(elsewhere, { conversationId, title: 'mine' }),
      new RenameConversation(readOnly, { conversationId, title: 'mine' }),
      new PostMessage(other, { conversationId, role: 'user', content: 'x' }),
      new EditMessage(other, { messageId, content: 'x' }),
      new CancelTurn(other, { turnId: result.turnId! }),
      new TrashConversation(contextOf(), { conversationId: randomUUID() }),
      new EditMessage(contextOf(), { messageId: randomUUID(), content: 'x' }),
      new CancelTurn(contextOf(), { turnId: randomUUID() }),
    ]) {
      expect(await refused(conversationId, command)).toMatchObject({ code: 'not_found', status: 404 });
    }
    expect(await refused(conversationId, new StartConversation(readOnly, {}))).toMatchObject({ status: 404 });
  });
});

describe('messages', () => {
  test('a message is found by its bare id, and by its conversation; not by another conversation', async () => {
    const [conversationId, another] = [await start(), await start()];
    const messageId = await post(conversationId);
    await send(new EditMessage(contextOf(), { messageId, content: 'two' }));
    await send(new EditMessage(contextOf(), { conversationId, messageId, metadata: { a: 1 } }));
    const elsewhere = new EditMessage(contextOf(), { conversationId: another, messageId, content: 'no' });
    expect(await refused(another, elsewhere)).toMatchObject({ code: 'not_found' });
    expect(await types(conversationId)).toEqual([
      'ConversationStarted',
      'MessagePosted',
      'MessageEdited',
      'MessageEdited',
    ]);
  });

  test('a row grows by chunks and is completed; a removed one is gone', async () => {
    const conversationId = await start();
    const messageId = await post(conversationId, {
      role: 'assistant',
      content: '',
      streamingStatus: 'pending',
    });
    await send(new AppendChunk(contextOf(), { messageId, chunk: ' ' }));
    await send(new CompleteMessage(contextOf(), { messageId, content: 'all' }));
    expect((await send(new RemoveMessage(contextOf(), { messageId }))).status).toBe(204);
    expect(
      await refused(conversationId, new AppendChunk(contextOf(), { messageId, chunk: 'x' })),
    ).toMatchObject({ status: 404 });
    expect(await refused(conversationId, new RemoveMessage(contextOf(), { messageId }))).toMatchObject({
      status: 404,
    });
    expect(await types(conversationId)).toEqual([
      'ConversationStarted',
      'MessagePosted',
      'MessageChunkAppended',
      'MessageEdited',
      'MessageRemoved',
    ]);
  });

  test('messages make a tree: a named parent must exist here, and its branch is selected', async () => {
    const [conversationId, another] = [await start(), await start()];
    const first = await post(conversationId);
    const second = await post(conversationId);
    const sibling = await post(conversationId, { parentId: first });
    const events = await service.log.read(conversationId, { after: 1 });
    expect(events.map(({ type, data }) => [type, (data as { parentId?: unknown }).parentId])).toEqual([
      ['MessagePosted', null],
      ['MessagePosted', first],
      ['MessagePosted', first],
      ['BranchSelected', undefined],
    ]);
    const foreign = new PostMessage(contextOf(), {
      conversationId: another,
      role: 'user',
      content: 'x',
      parentId: first,
    });
    expect(await refused(another, foreign)).toMatchObject({ code: 'not_found', status: 404 });
    await send(new SelectBranch(contextOf(), { conversationId, leafId: second }));
    expect(
      (await send(new SelectBranch(contextOf(), { conversationId, leafId: second }))).seqFrom,
    ).toBeNull();
    expect(
      await refused(
        conversationId,
        new SelectBranch(contextOf(), { conversationId, leafId: conversationId }),
      ),
    ).toMatchObject({
      status: 404,
    });
    expect(sibling).not.toBe(second);
  });
});

describe('turns', () => {
  test('a request is one unit: message, turn, its row; a second is refused with the first one named', async () => {
    const conversationId = await start();
    const answer = await send(new RequestTurn(contextOf(), { conversationId, prompt: 'make a page' }));
    const { turnId, messageId } = (await service.log.read(conversationId, { types: ['TurnRequested'] }))[0]!
      .data as Record<string, string>;
    expect(answer).toMatchObject({
      status: 202,
      seqFrom: 2,
      seqTo: 3,
      result: { kind: 'turn', id: turnId, turnId, messageId },
    });
    expect(await service.log.turnRow(conversationId)).toMatchObject({ turnId, owner: null, startedAt: null });
    expect(await service.log.entity(turnId!)).toEqual({ streamId: conversationId, seq: 3 });
    expect(await service.log.entity(messageId!)).toEqual({ streamId: conversationId, seq: 2 });
    for (const command of [
      new RequestTurn(contextOf(), { conversationId, prompt: 'again' }),
      new Regenerate(contextOf(), { messageId: messageId! }),
      new PostMessage(contextOf(), { conversationId, role: 'user', content: 'x' }),
    ]) {
      expect(await refused(conversationId, command)).toEqual({
        code: 'turn_in_progress',
        status: 409,
        details: { turnId },
      });
    }
  });

  test('cancelling ends it once, with its row and a snapshot; older turns have finished, unknown ones are absent', async () => {
    const conversationId = await start();
    const request = async () =>
      (await send(new RequestTurn(contextOf(), { conversationId, prompt: 'make a page' }))).result.id!;
    const first = await request();
    expect((await send(new CancelTurn(contextOf(), { turnId: first }))).status).toBe(200);
    expect(await service.log.turnRow(conversationId)).toBeNull();
    expect((await service.log.snapshot(conversationId, reducerVersion))?.seq).toBe(3);
    const second = await request();
    expect(await refused(conversationId, new CancelTurn(contextOf(), { turnId: first }))).toMatchObject({
      code: 'turn_finished',
      status: 409,
    });
    await send(new CancelTurn(contextOf(), { conversationId, turnId: second }));
    expect(await refused(conversationId, new CancelTurn(contextOf(), { turnId: second }))).toMatchObject({
      code: 'turn_finished',
    });
    const message = (await service.log.read(conversationId, { types: ['MessagePosted'] }))[0]!.data as {
      messageId: string;
    };
    expect(
      await refused(conversationId, new CancelTurn(contextOf(), { turnId: message.messageId })),
    ).toMatchObject({ status: 404 });
    expect((await types(conversationId)).filter((type) => type === 'TurnCancelled')).toHaveLength(2);
  });

  test('an answer is regenerated by a turn on its question, found through its tool rows', async () => {
    const conversationId = await start();
    const question = await post(conversationId);
    const answer = await post(conversationId, { role: 'assistant', content: 'one' });
    const tool = await post(conversationId, { role: 'tool', content: '{}', toolName: 'Clock' });
    const last = await post(conversationId, { role: 'assistant', content: 'two' });
    for (const messageId of [last, tool, answer, question]) {
      const { result } = await send(new Regenerate(contextOf(), { messageId }));
      const [requested] = await service.log.read(conversationId, {
        types: ['TurnRequested'],
        direction: 'backward',
        limit: 1,
      });
      expect(requested!.data).toMatchObject({ turnId: result.id, messageId: question });
      await send(new CancelTurn(contextOf(), { turnId: result.id! }));
    }
  });
});

const at = (expectedSeq: number) => ({ ...contextOf(), expectedSeq });

test('an expected seq that is not the head refuses, at any time', async () => {
  const conversationId = await start();
  await send(new RenameConversation(at(1), { conversationId, title: 'a' }));
  for (const seq of [0, 1, 3]) {
    const command = new RenameConversation(at(seq), { conversationId, title: 'b' });
    expect(await refused(conversationId, command)).toMatchObject({ code: 'wrong_expected_seq', status: 409 });
  }
});
