import { given } from '../../../test/support/given.js';
import { conversationId, idOf, type Story } from '../../../test/support/story.js';
import type { ConversationCommand } from './commands.js';

const started = (story: Story) => void story.start('Name');
const trashed = (story: Story) => void story.start().do({ type: 'trashConversation' });
const archived = (story: Story) => void story.start().do({ type: 'archiveConversation' });

const branches = (story: Story) => {
  story.start();
  const question = story.post('user', 'a');
  story.post('assistant', 'b');
  story.post('assistant', 'c', { parentId: question });
};
const running = (story: Story) => {
  story.start();
  story.post('user', 'Hi');
  story.turn('Time?');
  story.do({ type: 'trashConversation' });
};

describe('startConversation', () => {
  it('starts', () => {
    const decision = given()
      .when({ type: 'startConversation', conversationId, projectId: idOf(7), title: 'T' })
      .thenEvents({ type: 'ConversationStarted', data: { projectId: idOf(7), title: 'T' } });
    expect(decision).toMatchObject({
      status: 201,
      result: { kind: 'conversation', id: conversationId },
      entities: [],
    });
  });
  it('writes no field that was not given', () => {
    given()
      .when({ type: 'startConversation', conversationId, projectId: null })
      .thenEvents({ type: 'ConversationStarted', data: {} });
  });
  it('is refused where there is one already', () => {
    given(started)
      .when({ type: 'startConversation', conversationId })
      .thenRefused({ code: 'conversation_exists', status: 409, field: 'conversationId' });
  });
});

describe('renameConversation', () => {
  it('renames', () => {
    given(started)
      .when({ type: 'renameConversation', title: 'Other' })
      .thenEvents({ type: 'ConversationRenamed', data: { title: 'Other' } });
  });
  it('changes nothing where the name is that already', () => {
    const decision = given(started).when({ type: 'renameConversation', title: 'Name' }).thenNothing();
    expect(decision).toMatchObject({ status: 200, result: { kind: 'conversation', id: conversationId } });
  });
});

describe('archive and trash, and back', () => {
  it.each<[string, (story: Story) => void, ConversationCommand['type'], string | null]>([
    ['archives', started, 'archiveConversation', 'ConversationArchived'],
    ['archives once', archived, 'archiveConversation', null],
    ['unarchives', archived, 'unarchiveConversation', 'ConversationUnarchived'],
    ['unarchives once', started, 'unarchiveConversation', null],
    ['trashes', started, 'trashConversation', 'ConversationTrashed'],
    ['trashes once', trashed, 'trashConversation', null],
    ['restores', trashed, 'restoreConversation', 'ConversationRestored'],
    ['restores once', started, 'restoreConversation', null],
  ])('%s', (_, past, type, event) => {
    const { events } = given(past)
      .when({ type } as ConversationCommand)
      .decision();
    expect(events).toEqual(event === null ? [] : [{ type: event, data: {} }]);
  });
});

describe('selectBranch', () => {
  it('selects', () => {
    given(branches)
      .when({ type: 'selectBranch', leafId: idOf(2) })
      .thenEvents({ type: 'BranchSelected', data: { leafId: idOf(2) } });
  });
  it('changes nothing where it is selected already', () => {
    given(branches)
      .when({ type: 'selectBranch', leafId: idOf(3) })
      .thenNothing();
  });
  it('is refused where there is no such message', () => {
    given(branches)
      .when({ type: 'selectBranch', leafId: idOf(99) })
      .thenRefused({ code: 'not_found', status: 404, field: 'leafId' });
  });
  it('is refused where the message was removed', () => {
    given((story) => {
      branches(story);
      story.do({ type: 'removeMessage', messageId: idOf(2) });
    })
      .when({ type: 'selectBranch', leafId: idOf(2) })
      .thenRefused({ code: 'not_found', status: 404, field: 'leafId' });
  });
  it('knows a message that is not loaded by its facts', () => {
    given(branches)
      .when(
        { type: 'selectBranch', leafId: idOf(50) },
        { messages: { [idOf(50)]: { parentId: null, role: 'user', seq: 2 } } },
      )
      .thenEvents({ type: 'BranchSelected', data: { leafId: idOf(50) } });
  });
});

const messageId = idOf(1);
const everyCommand: ConversationCommand[] = [
  { type: 'renameConversation', title: 'x' },
  { type: 'archiveConversation' },
  { type: 'unarchiveConversation' },
  { type: 'postMessage', messageId: idOf(90), role: 'user', content: 'x' },
  { type: 'editMessage', messageId, content: 'x' },
  { type: 'removeMessage', messageId },
  { type: 'selectBranch', leafId: messageId },
  { type: 'appendChunk', messageId, chunk: 'x' },
  { type: 'completeMessage', messageId },
  { type: 'regenerate', messageId, turnId: idOf(91) },
  { type: 'requestTurn', messageId: idOf(90), turnId: idOf(91), prompt: 'x' },
];

describe('in the trash', () => {
  it.each(everyCommand)('$type is refused', (command) => {
    given((story) => {
      story.start();
      story.post('user', 'Hi');
      story.do({ type: 'trashConversation' });
    })
      .when(command)
      .thenRefused({ code: 'conversation_trashed', status: 409 });
  });
  it('a turn that still runs can be stopped', () => {
    const { events } = given(running)
      .when({ type: 'cancelTurn', turnId: idOf(2) })
      .decision();
    expect(events.map(({ type }) => type)).toEqual(['TurnCancelled']);
  });
});

describe('before the conversation was started', () => {
  it.each([
    ...everyCommand,
    { type: 'trashConversation' },
    { type: 'restoreConversation' },
    { type: 'cancelTurn', turnId: idOf(2) },
    { type: 'interruptTurn', turnId: idOf(2), reason: 'x' },
    { type: 'failTurn', turnId: idOf(2), code: 'x', message: 'x' },
  ] as ConversationCommand[])('$type is refused', (command) => {
    given().when(command).thenRefused({ code: 'not_found', status: 404, field: 'conversationId' });
  });
});
