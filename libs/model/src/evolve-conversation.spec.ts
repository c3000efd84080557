import { conversationId, idOf, Story, timeOf } from '../../../test/support/story.js';
import { titleFrom } from './text.js';

it('starts untitled, or named', () => {
  expect(new Story().start().state).toMatchObject({
    seq: 1,
    id: conversationId,
    title: null,
    titled: false,
    createdAt: timeOf(1),
  });
  expect(new Story().start('Name').state).toMatchObject({ title: 'Name', titled: true });
});

it('is named by the first thing that a user says', () => {
  const story = new Story().start();
  story.post('system', 'Be brief.');
  story.post('assistant', 'Hello');
  expect(story.state.title).toBeNull();
  story.post('user', `${'x'.repeat(99)}😀 and more`);
  story.post('user', 'Another');
  expect(story.state).toMatchObject({ title: 'x'.repeat(99), titled: false });
});

it('keeps the name that someone gave it', () => {
  const story = new Story().start();
  story.do({ type: 'renameConversation', title: 'Mine' });
  story.post('user', 'Hi');
  expect(story.state).toMatchObject({ title: 'Mine', titled: true });
});

it('goes into the archive and the trash, and comes back', () => {
  const story = new Story().start();
  story.do({ type: 'archiveConversation' });
  story.do({ type: 'trashConversation' });
  expect(story.state).toMatchObject({ archived: true, trashed: true, trashedAt: timeOf(3) });
  story.do({ type: 'restoreConversation' });
  story.do({ type: 'unarchiveConversation' });
  expect(story.state).toMatchObject({
    archived: false,
    trashed: false,
    trashedAt: null,
    updatedAt: timeOf(5),
  });
});

it('is linked to a project, which its turns then write into', () => {
  const story = new Story().start();
  story.append({ type: 'ConversationProjectLinked', data: { projectId: idOf(500) } });
  story.turn('Hi');
  const answerId = story.begin();
  expect(story.state.projectId).toBe(idOf(500));
  expect(story.state.messages[answerId]!.projectId).toBe(idOf(500));
});

it('as a fork goes on from its parent, but is not in the trash with it', () => {
  const story = new Story().start('Name');
  story.post('user', 'Hi');
  story.do({ type: 'archiveConversation' });
  story.do({ type: 'trashConversation' });
  story.append({ type: 'ConversationForked', data: { parentId: idOf(700), at: 4 } });
  expect(story.state).toMatchObject({
    forkedFrom: { conversationId: idOf(700), at: 4 },
    title: 'Name',
    archived: false,
    trashed: false,
    trashedAt: null,
    createdAt: timeOf(5),
  });
  expect(Object.keys(story.state.messages)).toHaveLength(1);
});

it('is not updated by what nobody sees in a list', () => {
  const story = new Story().start();
  story.turn('Hi');
  story.begin();
  const { updatedAt } = story.state;
  story.deltas({ type: 'message_start', message: { content: [] } });
  expect(story.state).toMatchObject({ seq: 7, updatedAt });
});

it.each([
  ['short', 'short'],
  ['x'.repeat(101), 'x'.repeat(100)],
  [`${'x'.repeat(98)}😀`, `${'x'.repeat(98)}😀`],
  [`${'x'.repeat(99)}😀`, 'x'.repeat(99)],
])('cuts %j to a title without half a character', (text, title) => {
  expect(titleFrom(text)).toBe(title);
});
