import { randomUUID } from 'node:crypto';
import type { Command } from '@nestjs/cqrs';
import {
  AppendChunk,
  ArchiveConversation,
  CancelTurn,
  CompleteMessage,
  EditMessage,
  PostMessage,
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
import { useCommandBus } from '../../support/command-bus.js';
import { ann, bob, contextOf } from '../../support/service-process.js';

const { send, start, post, types, refused, log } = useCommandBus();

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
    expect(await log().info(conversationId)).toMatchObject({
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
    const events = await log().read(conversationId, { after: 1 });
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

const at = (expectedSeq: number) => ({ ...contextOf(), expectedSeq });

test('an expected seq that is not the head refuses, at any time', async () => {
  const conversationId = await start();
  await send(new RenameConversation(at(1), { conversationId, title: 'a' }));
  for (const seq of [0, 1, 3]) {
    const command = new RenameConversation(at(seq), { conversationId, title: 'b' });
    expect(await refused(conversationId, command)).toMatchObject({ code: 'wrong_expected_seq', status: 409 });
  }
});
