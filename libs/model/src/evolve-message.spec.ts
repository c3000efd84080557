import { idOf, Story, timeOf } from '../../../test/support/story.js';
import { foldEvents } from './evolve.js';
import { pathTo, selectedPath, siblingPlaces } from './message-tree.js';
import type { ConversationState } from './state.js';

const ids = (state: ConversationState) => selectedPath(state).map(({ id }) => id);

it('adds what is posted, with the defaults of what is not given', () => {
  const story = new Story().start();
  const id = story.post('user', 'Hi');
  expect(story.state.messages[id]).toEqual({
    id,
    parentId: null,
    role: 'user',
    content: 'Hi',
    blocks: [{ type: 'text', text: 'Hi' }],
    projectId: null,
    toolName: null,
    toolCall: null,
    toolResult: null,
    toolUseId: null,
    toolError: false,
    streamingStatus: 'complete',
    metadata: {},
    repairs: {},
    turnId: null,
    seq: 2,
    updatedSeq: 2,
    removed: false,
    createdAt: timeOf(2),
    updatedAt: timeOf(2),
  });
});

it('appends chunks, and streams until someone says that it is complete', () => {
  const story = new Story().start();
  const id = story.post('assistant', '');
  for (const chunk of ['Hel', 'lo ', '\n']) story.do({ type: 'appendChunk', messageId: id, chunk });
  const text = 'Hello \n';
  expect(story.state.messages[id]).toMatchObject({
    content: text,
    blocks: [{ type: 'text', text }],
    streamingStatus: 'streaming',
  });
  story.do({ type: 'completeMessage', messageId: id });
  expect(story.state.messages[id]).toMatchObject({
    content: text,
    streamingStatus: 'complete',
    updatedSeq: 6,
  });
});

it('begins a text block where the last block is no text', () => {
  const story = new Story().start();
  const id = story.newId();
  const content = [{ type: 'text', text: 'a' }, { type: 'image' }];
  story.append({ type: 'MessagePosted', data: { messageId: id, parentId: null, role: 'user', content } });
  story.do({ type: 'appendChunk', messageId: id, chunk: 'b' });
  expect(story.state.messages[id]).toMatchObject({
    content: 'ab',
    blocks: [...content, { type: 'text', text: 'b' }],
  });
});

it('edits what is given, the metadata as a whole', () => {
  const story = new Story().start();
  const id = story.newId();
  story.do({
    type: 'postMessage',
    messageId: id,
    role: 'tool',
    content: 'x',
    toolResult: 1,
    metadata: { a: 1, b: 2 },
  });
  story.do({ type: 'editMessage', messageId: id, metadata: { c: 3 }, toolResult: null });
  expect(story.state.messages[id]).toMatchObject({ content: 'x', toolResult: null, metadata: { c: 3 } });
  expect(story.state.messages[id]!.metadata).toEqual({ c: 3 });
  story.do({ type: 'editMessage', messageId: id, content: 'y', streamingStatus: 'error' });
  expect(story.state.messages[id]).toMatchObject({
    content: 'y',
    blocks: [{ text: 'y' }],
    streamingStatus: 'error',
  });
});

it('leaves removed messages out of the path, and goes on through them', () => {
  const story = new Story().start();
  const [a, b, c] = [story.post('user', 'a'), story.post('assistant', 'b'), story.post('user', 'c')];
  story.do({ type: 'removeMessage', messageId: b });
  expect(ids(story.state)).toEqual([a, c]);
  expect(story.state.removedIds).toEqual({ [b]: true });
  story.do({ type: 'removeMessage', messageId: c });
  const d = story.post('user', 'd');
  expect(story.state.messages[d]!.parentId).toBe(c);
  expect(ids(story.state)).toEqual([a, d]);
});

it('follows the selected branch', () => {
  const story = new Story().start();
  const [a, b] = [story.post('user', 'a'), story.post('assistant', 'b')];
  const c = story.post('assistant', 'c', { parentId: a });
  expect(ids(story.state)).toEqual([a, c]);
  const d = story.post('user', 'd');
  expect(ids(story.state)).toEqual([a, c, d]);
  story.do({ type: 'selectBranch', leafId: b });
  expect(ids(story.state)).toEqual([a, b]);
  expect(pathTo(story.state, d).map(({ id }) => id)).toEqual([a, c, d]);
  const other = story.post('user', 'other beginning', { parentId: null });
  expect(ids(story.state)).toEqual([other]);
});

it('counts siblings, oldest first, without removed ones', () => {
  const story = new Story().start();
  const a = story.post('user', 'a');
  const [b, c, d] = ['b', 'c', 'd'].map((text) => story.post('assistant', text, { parentId: a }));
  story.do({ type: 'removeMessage', messageId: c! });
  const places = siblingPlaces(story.state);
  expect([a, b, c, d].map((id) => places.get(id!))).toEqual([
    { index: 0, count: 1 },
    { index: 0, count: 2 },
    undefined,
    { index: 1, count: 2 },
  ]);
});

it('does not go round in a log that makes a circle', () => {
  const story = new Story().start();
  const [a, b] = [idOf(801), idOf(802)];
  const content = [{ type: 'text', text: 'x' }];
  story.append(
    { type: 'MessagePosted', data: { messageId: a, parentId: b, role: 'user', content } },
    { type: 'MessagePosted', data: { messageId: b, parentId: a, role: 'user', content } },
  );
  expect(pathTo(story.state, b).map(({ id }) => id)).toEqual([a, b]);
});

it('changes nothing for messages that a partial state has not loaded', () => {
  const story = new Story().start();
  const id = story.post('assistant', 'a');
  story.do({ type: 'appendChunk', messageId: id, chunk: 'b' });
  story.do({ type: 'editMessage', messageId: id, content: 'c' });
  story.do({ type: 'removeMessage', messageId: id });
  const late = foldEvents(story.state.id, story.events.slice(2));
  expect(late).toMatchObject({ messages: {}, removedIds: { [id]: true }, markers: [], seq: 5 });
});
