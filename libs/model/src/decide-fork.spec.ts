import { Story } from '../../../test/support/story.js';
import { FORKED, forkConversation, forkPoint } from './decide-fork.js';
import { foldEvents } from './evolve.js';
import { DomainRefusal } from './refusal.js';
import { initialState } from './state.js';

const fork = { conversationId: '00000000-0000-7000-8000-00000000f000', parentId: 'parent' };

function refusal(work: () => unknown): Pick<DomainRefusal, 'code' | 'status' | 'field' | 'details'> | null {
  try {
    work();
    return null;
  } catch (error) {
    const { code, status, field, details } = error as DomainRefusal;
    return { code, status, field, details };
  }
}

describe('where a conversation is forked', () => {
  it('is its head, or any earlier seq', () => {
    const story = new Story().start();
    story.post('user', 'Hello');
    expect(forkPoint(story.state)).toBe(2);
    expect(forkPoint(story.state, 1)).toBe(1);
  });

  it('is refused beyond the head, in the trash, and where there is none', () => {
    const story = new Story().start();
    expect(refusal(() => forkPoint(story.state, 2))).toEqual({
      code: 'stream_ahead',
      status: 409,
      field: 'at',
      details: { head: 1 },
    });
    story.do({ type: 'trashConversation' });
    expect(refusal(() => forkPoint(story.state))).toMatchObject({
      code: 'conversation_trashed',
      status: 409,
    });
    expect(refusal(() => forkPoint(initialState('x')))).toMatchObject({ code: 'not_found', status: 404 });
  });

  it('may be an archived conversation', () => {
    const story = new Story().start();
    story.do({ type: 'archiveConversation' });
    expect(forkPoint(story.state)).toBe(2);
  });
});

describe('a fork', () => {
  it('says where it comes from, and is neither archived nor in the trash', () => {
    const story = new Story().start('Title');
    story.do({ type: 'archiveConversation' });
    story.do({ type: 'trashConversation' });
    const { events, entities, result, status } = forkConversation(story.state, fork);
    expect(events).toStrictEqual([{ type: 'ConversationForked', data: { parentId: 'parent', at: 3 } }]);
    expect([entities, result, status]).toEqual([[], { kind: 'conversation', id: fork.conversationId }, 201]);
    const { state } = story.append({
      type: 'ConversationForked',
      data: { parentId: '00000000-0000-7000-8000-00000000aaaa', at: 3 },
    });
    expect(state).toMatchObject({ archived: false, trashed: false, trashedAt: null, title: 'Title' });
  });

  it('in the middle of an answer ends the turn and keeps the half', () => {
    const story = new Story().start();
    const { turnId } = story.turn('Tell me.');
    const id = story.begin();
    story.deltas(
      { type: 'message_start', message: { content: [] } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Once upon' } },
    );
    const { events } = forkConversation(story.state, fork);
    expect(events.map(({ type }) => type)).toEqual(['ConversationForked', 'TurnInterrupted']);
    const interrupted = { type: 'TurnInterrupted', data: { turnId, reason: FORKED }, metadata: { turnId } };
    expect(events[1]).toStrictEqual(interrupted);
    const at = story.state.seq;
    story.append(
      { type: 'ConversationForked', data: { parentId: story.newId(), at } },
      { type: 'TurnInterrupted', data: { turnId, reason: FORKED } },
    );
    const state = foldEvents(fork.conversationId, story.events);
    expect(state.turn).toMatchObject({ turnId, status: 'interrupted', reason: FORKED });
    expect(state.messages[id]).toMatchObject({
      content: 'Once upon',
      streamingStatus: 'error',
      metadata: { outcome: 'interrupted', reason: FORKED },
    });
    expect(state.markers).toEqual([]);
  });

  it('is linked to the copy of its project that was made with it', () => {
    const story = new Story().start();
    const project = { projectId: story.newId(), projectSeq: 4 };
    const { events } = forkConversation(story.state, { ...fork, project });
    expect(events.at(-1)).toStrictEqual({ type: 'ConversationProjectLinked', data: project });
  });
});
