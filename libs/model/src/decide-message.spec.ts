import { given } from '../../../test/support/given.js';
import { idOf, type Story } from '../../../test/support/story.js';
import type { ConversationCommand } from './commands.js';

const started = (story: Story) => void story.start();
/** 1 user, 2 assistant, its leaf. */
const chatted = (story: Story) => {
  story.start();
  story.post('user', 'Hi');
  story.post('assistant', 'Hello');
};
/** 1 turn, 2 its question, 3 the answer in flight. */
const answering = (story: Story) => {
  story.start();
  story.turn('Time?');
  story.begin();
};
/** As above, with the tool row 4 open. */
const calling = (story: Story) => {
  answering(story);
  story.complete({ content: [{ type: 'tool_use', id: 'toolu', name: 'Clock', input: {} }] });
  story.call('toolu', idOf(3));
};
const id = idOf(90);
const absent = { code: 'not_found', status: 404, field: 'messageId' };
const turnRuns = { code: 'turn_in_progress', status: 409, details: { turnId: idOf(1) } };

describe('postMessage', () => {
  it('posts the first message', () => {
    const decision = given(started)
      .when({ type: 'postMessage', messageId: id, role: 'user', content: 'Hi' })
      .thenEvents({
        type: 'MessagePosted',
        data: { messageId: id, parentId: null, role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      });
    expect(decision).toMatchObject({
      status: 201,
      result: { kind: 'message', id },
      entities: [{ id, index: 0 }],
    });
  });
  it('posts a child of the selected leaf', () => {
    const { events } = given(chatted)
      .when({ type: 'postMessage', messageId: id, role: 'user', content: 'x' })
      .decision();
    expect(events).toMatchObject([{ type: 'MessagePosted', data: { parentId: idOf(2) } }]);
  });
  it('carries all that a tool row has', () => {
    const row = {
      toolName: 'Read',
      toolCall: { a: [1] },
      toolResult: null,
      streamingStatus: 'pending' as const,
      metadata: { k: 1 },
    };
    given(started)
      .when({ type: 'postMessage', messageId: id, role: 'tool', content: '', projectId: idOf(8), ...row })
      .thenEvents({
        type: 'MessagePosted',
        data: { messageId: id, parentId: null, role: 'tool', content: [], projectId: idOf(8), ...row },
      });
  });
  it.each<[string, string | null]>([
    ['under another message', idOf(1)],
    ['as another first message', null],
  ])('selects what it posts %s', (_, parentId) => {
    const { events, entities } = given(chatted)
      .when({ type: 'postMessage', messageId: id, role: 'user', content: 'x', parentId })
      .decision();
    expect(events).toMatchObject([
      { type: 'MessagePosted', data: { parentId } },
      { type: 'BranchSelected', data: { leafId: id } },
    ]);
    expect(entities).toEqual([{ id, index: 0 }]);
  });
  it('selects nothing where the parent that is named is the leaf', () => {
    const { events } = given(chatted)
      .when({ type: 'postMessage', messageId: id, role: 'user', content: 'x', parentId: idOf(2) })
      .decision();
    expect(events).toHaveLength(1);
  });
  it('is refused under a parent that does not exist, or no more', () => {
    const command = {
      type: 'postMessage',
      messageId: id,
      role: 'user',
      content: 'x',
      parentId: idOf(2),
    } as const;
    const refusal = { ...absent, field: 'parentId' };
    given(chatted)
      .when({ ...command, parentId: idOf(77) })
      .thenRefused(refusal);
    given((story) => {
      chatted(story);
      story.do({ type: 'removeMessage', messageId: idOf(2) });
    })
      .when(command)
      .thenRefused(refusal);
  });
  it('is refused while a turn is open, unless it names its parent', () => {
    const command = { type: 'postMessage', messageId: id, role: 'user', content: 'x' } as const;
    given(answering).when(command).thenRefused(turnRuns);
    expect(
      given(answering)
        .when({ ...command, parentId: idOf(2) })
        .decision().events,
    ).toHaveLength(2);
  });
  it.each(['', ' ', '\n\t\u3000'])('is refused for a user who says only %j', (content) => {
    given(started)
      .when({ type: 'postMessage', messageId: id, role: 'user', content })
      .thenRefused({ code: 'blank', status: 400, field: 'content' });
  });
  it('is refused for a user who says more than 200,000 characters', () => {
    const command = { type: 'postMessage', messageId: id, role: 'user' } as const;
    given(started)
      .when({ ...command, content: 'x'.repeat(200_001) })
      .thenRefused({ code: 'too_long', status: 400, field: 'content' });
    expect(
      given(started)
        .when({ ...command, content: 'x'.repeat(200_000) })
        .decision().events,
    ).toHaveLength(1);
  });
  it('takes an answer that is empty or white space', () => {
    const command = {
      type: 'postMessage',
      messageId: id,
      role: 'assistant',
      streamingStatus: 'pending',
    } as const;
    expect(
      given(started)
        .when({ ...command, content: '' })
        .decision().events,
    ).toMatchObject([{ data: { content: [] } }]);
    expect(
      given(started)
        .when({ ...command, content: ' ' })
        .decision().events,
    ).toMatchObject([{ data: { content: [{ text: ' ' }] } }]);
  });
});

describe('editMessage', () => {
  it('replaces what is given and nothing else', () => {
    given(chatted)
      .when({ type: 'editMessage', messageId: idOf(2), content: 'New', streamingStatus: 'error' })
      .thenEvents({
        type: 'MessageEdited',
        data: { messageId: idOf(2), content: [{ type: 'text', text: 'New' }], streamingStatus: 'error' },
      });
    given(chatted)
      .when({ type: 'editMessage', messageId: idOf(2), toolResult: null, metadata: {} })
      .thenEvents({ type: 'MessageEdited', data: { messageId: idOf(2), toolResult: null, metadata: {} } });
  });
  it('changes nothing where nothing is given', () => {
    given(chatted)
      .when({ type: 'editMessage', messageId: idOf(2) })
      .thenNothing();
  });
  it('is refused where a user would say nothing', () => {
    given(chatted)
      .when({ type: 'editMessage', messageId: idOf(1), content: ' ' })
      .thenRefused({ code: 'blank', status: 400, field: 'content' });
    given(started)
      .when(
        { type: 'editMessage', messageId: id, content: ' ' },
        { messages: { [id]: { parentId: null, role: 'user', seq: 1 } } },
      )
      .thenRefused({ code: 'blank', status: 400, field: 'content' });
  });
});

describe('removeMessage', () => {
  it('removes', () => {
    const decision = given(chatted)
      .when({ type: 'removeMessage', messageId: idOf(2) })
      .thenEvents({ type: 'MessageRemoved', data: { messageId: idOf(2) } });
    expect(decision).toMatchObject({ status: 204, result: { kind: 'none' } });
  });
  it('is refused the second time', () => {
    given((story) => {
      chatted(story);
      story.do({ type: 'removeMessage', messageId: idOf(2) });
    })
      .when({ type: 'removeMessage', messageId: idOf(2) })
      .thenRefused(absent);
  });
  it('is refused for the question that is being answered', () => {
    given(answering)
      .when({ type: 'removeMessage', messageId: idOf(2) })
      .thenRefused({ ...turnRuns, field: 'messageId' });
  });
});

describe('appendChunk and completeMessage', () => {
  it('appends, white space too', () => {
    given(chatted)
      .when({ type: 'appendChunk', messageId: idOf(2), chunk: ' ' })
      .thenEvents({ type: 'MessageChunkAppended', data: { messageId: idOf(2), chunk: ' ' } });
  });
  it('appends no empty chunk', () => {
    given(chatted)
      .when({ type: 'appendChunk', messageId: idOf(2), chunk: '' })
      .thenNothing();
  });
  it('completes, with or without the whole text', () => {
    given(chatted)
      .when({ type: 'completeMessage', messageId: idOf(2) })
      .thenEvents({ type: 'MessageEdited', data: { messageId: idOf(2), streamingStatus: 'complete' } });
    given(chatted)
      .when({ type: 'completeMessage', messageId: idOf(2), content: '' })
      .thenEvents({
        type: 'MessageEdited',
        data: { messageId: idOf(2), content: [], streamingStatus: 'complete' },
      });
  });
});

describe.each<[string, (messageId: string) => ConversationCommand]>([
  ['editMessage', (messageId) => ({ type: 'editMessage', messageId, content: 'x' })],
  ['removeMessage', (messageId) => ({ type: 'removeMessage', messageId })],
  ['appendChunk', (messageId) => ({ type: 'appendChunk', messageId, chunk: 'x' })],
  ['completeMessage', (messageId) => ({ type: 'completeMessage', messageId })],
])('%s', (_, command) => {
  it('is refused where there is no such message', () => {
    given(chatted)
      .when(command(idOf(77)))
      .thenRefused(absent);
  });
  it('is refused for the row that the turn is writing', () => {
    given(answering)
      .when(command(idOf(3)))
      .thenRefused({ ...turnRuns, field: 'messageId' });
    given(calling)
      .when(command(idOf(4)))
      .thenRefused({ ...turnRuns, field: 'messageId' });
  });
  it('is allowed for a row that the turn has finished', () => {
    expect(
      given(calling)
        .when(command(idOf(3)))
        .decision().events,
    ).toHaveLength(1);
  });
});
