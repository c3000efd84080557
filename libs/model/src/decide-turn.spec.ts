import { given } from '../../../test/support/given.js';
import { idOf, type Story } from '../../../test/support/story.js';

const started = (story: Story) => void story.start();
/** 1 turn, 2 question, 3 answer with a call, 4 tool row, 5 last answer; the turn has ended. */
const answered = (story: Story) => {
  story.start();
  story.turn('Time?');
  story.begin();
  story.complete({ content: [{ type: 'tool_use', id: 'toolu', name: 'Clock', input: {} }] });
  const row = story.call('toolu', idOf(3));
  story.succeed('toolu', row, idOf(3), 'noon');
  story.begin();
  story.complete({ content: [{ type: 'text', text: 'Noon.' }] });
  story.end();
};
const running = (story: Story) => {
  answered(story);
  story.turn('And now?'); // turn 6, question 7
};
const fact = (parent: number | null, role: 'user' | 'assistant' | 'tool', seq: number) => ({
  parentId: parent === null ? null : idOf(parent),
  role,
  seq,
});
const turnId = idOf(90);
const messageId = idOf(91);
const metadata = { turnId };
const ask = { type: 'requestTurn', turnId, messageId, prompt: 'Hi' } as const;

describe('requestTurn', () => {
  it('posts the question and asks for the answer', () => {
    const decision = given(started)
      .when({ ...ask, model: 'claude-opus-4-7' })
      .thenEvents(
        {
          type: 'MessagePosted',
          data: { messageId, parentId: null, role: 'user', content: [{ type: 'text', text: 'Hi' }] },
          metadata,
        },
        { type: 'TurnRequested', data: { turnId, messageId, model: 'claude-opus-4-7' }, metadata },
      );
    expect(decision).toMatchObject({
      status: 202,
      result: { kind: 'turn', id: turnId, messageId },
      entities: [
        { id: messageId, index: 0 },
        { id: turnId, index: 1 },
      ],
    });
  });
  it('asks again beside an earlier question, which stays', () => {
    const { events, entities } = given(answered)
      .when({ ...ask, parentId: null })
      .decision();
    expect(events.map(({ type }) => type)).toEqual(['MessagePosted', 'BranchSelected', 'TurnRequested']);
    expect(entities).toEqual([
      { id: messageId, index: 0 },
      { id: turnId, index: 2 },
    ]);
  });
  it('links a conversation to the project that it works on, once', () => {
    const projectId = idOf(95);
    const link = { type: 'ConversationProjectLinked' as const, data: { projectId } };
    const { events, entities } = given(started)
      .when({ ...ask, projectId })
      .decision();
    expect(events.map(({ type }) => type)).toEqual([
      'MessagePosted',
      'ConversationProjectLinked',
      'TurnRequested',
    ]);
    expect(events[1]).toMatchObject(link);
    expect(entities.at(-1)).toEqual({ id: turnId, index: 2 });
    const linked = (story: Story) => void story.start().append(link);
    for (const same of [projectId, null, undefined]) {
      const again = given(linked)
        .when({ ...ask, projectId: same })
        .decision();
      expect(again.events.map(({ type }) => type)).toEqual(['MessagePosted', 'TurnRequested']);
    }
    given(linked)
      .when({ ...ask, projectId: idOf(96) })
      .thenRefused({ code: 'other_project', status: 409, field: 'projectId', details: { projectId } });
  });
  it('is refused while a turn is open, wherever it would go', () => {
    const refusal = { code: 'turn_in_progress', status: 409, details: { turnId: idOf(6) } };
    given(running).when(ask).thenRefused(refusal);
    given(running)
      .when({ ...ask, parentId: idOf(5) })
      .thenRefused(refusal);
  });
  it('is refused for a blank or endless prompt, or an absent parent', () => {
    given(started)
      .when({ ...ask, prompt: ' \n' })
      .thenRefused({ code: 'blank', status: 400, field: 'prompt' });
    given(started)
      .when({ ...ask, prompt: 'x'.repeat(200_001) })
      .thenRefused({ code: 'too_long', status: 400, field: 'prompt' });
    given(started)
      .when({ ...ask, parentId: idOf(77) })
      .thenRefused({ code: 'not_found', status: 404, field: 'parentId' });
  });
});

describe('regenerate', () => {
  const again = { type: 'regenerate', turnId } as const;
  const requested = { type: 'TurnRequested', data: { turnId, messageId: idOf(2) }, metadata } as const;
  const selected = { type: 'BranchSelected', data: { leafId: idOf(2) }, metadata } as const;

  it.each([
    ['the last answer', idOf(5)],
    ['a tool row amid it', idOf(4)],
    ['its first answer', idOf(3)],
    ['the question itself', idOf(2)],
  ])('asks the question again, given %s', (_, id) => {
    const decision = given(answered)
      .when({ ...again, messageId: id })
      .thenEvents(selected, requested);
    expect(decision).toMatchObject({
      status: 202,
      result: { messageId: idOf(2) },
      entities: [{ id: turnId, index: 1 }],
    });
  });
  it('asks the last question before the answer, not the first', () => {
    const { events } = given((story) => {
      running(story); // turn 6, question 7
      story.begin();
      story.complete({ content: [] }).end();
    })
      .when({ ...again, messageId: idOf(8) })
      .decision();
    expect(events).toMatchObject([{ data: { leafId: idOf(7) } }, { data: { messageId: idOf(7) } }]);
  });
  it('selects nothing where the question is the leaf', () => {
    given((story) => {
      story.start();
      story.newId();
      story.post('user', 'Hi');
    })
      .when({ ...again, messageId: idOf(2) })
      .thenEvents(requested);
  });
  it('climbs by facts where nothing is loaded', () => {
    const messages = {
      [idOf(12)]: fact(11, 'assistant', 9),
      [idOf(11)]: fact(2, 'tool', 8),
      [idOf(2)]: fact(null, 'user', 7),
    };
    given(started)
      .when({ ...again, messageId: idOf(12) }, { messages })
      .thenEvents(selected, requested);
  });
  it('is refused while a turn is open', () => {
    given(running)
      .when({ ...again, messageId: idOf(5) })
      .thenRefused({ code: 'turn_in_progress', status: 409, details: { turnId: idOf(6) } });
  });
  it('is refused where there is no such message', () => {
    given(answered)
      .when({ ...again, messageId: idOf(77) })
      .thenRefused({ code: 'not_found', status: 404, field: 'messageId' });
  });
  it('is refused for an answer to nothing', () => {
    given((story) => {
      story.start();
      story.post('assistant', 'Hello');
    })
      .when({ ...again, messageId: idOf(1) })
      .thenRefused({ code: 'nothing_to_answer', status: 409, field: 'messageId' });
  });
  it('is refused for an answer whose question was removed', () => {
    given((story) => {
      answered(story);
      story.do({ type: 'removeMessage', messageId: idOf(2) });
    })
      .when({ ...again, messageId: idOf(5) })
      .thenRefused({ code: 'nothing_to_answer', status: 409, field: 'messageId' });
  });
});

describe('cancelTurn', () => {
  it('cancels the open turn', () => {
    const decision = given(running)
      .when({ type: 'cancelTurn', turnId: idOf(6) })
      .thenEvents({ type: 'TurnCancelled', data: { turnId: idOf(6) }, metadata: { turnId: idOf(6) } });
    expect(decision).toMatchObject({
      status: 200,
      result: { kind: 'turn', id: idOf(6), messageId: idOf(7) },
    });
  });
  it('cancels a turn that has not started', () => {
    const { events } = given((story) => {
      story.start();
      story.do(ask);
    })
      .when({ type: 'cancelTurn', turnId, reason: 'user' })
      .decision();
    expect(events).toEqual([{ type: 'TurnCancelled', data: { turnId, reason: 'user' }, metadata }]);
  });
  it.each([
    ['the newest', answered],
    ['an earlier one', running],
  ])('is refused for a turn that has ended: %s', (_, past) => {
    given(past)
      .when({ type: 'cancelTurn', turnId: idOf(1) })
      .thenRefused({ code: 'turn_finished', status: 409, field: 'turnId' });
  });
  it('is refused where there is no such turn', () => {
    given(running)
      .when({ type: 'cancelTurn', turnId: idOf(77) })
      .thenRefused({ code: 'not_found', status: 404, field: 'turnId' });
  });
});

describe('what the machinery ends', () => {
  const open = idOf(6);
  it('interrupts or fails the open turn', () => {
    given(running)
      .when({ type: 'interruptTurn', turnId: open, reason: 'lease_expired' })
      .thenEvents({
        type: 'TurnInterrupted',
        data: { turnId: open, reason: 'lease_expired' },
        metadata: { turnId: open },
      });
    given(running)
      .when({ type: 'failTurn', turnId: open, code: 'not_started', message: 'm' })
      .thenEvents({
        type: 'TurnFailed',
        data: { turnId: open, code: 'not_started', message: 'm' },
        metadata: { turnId: open },
      });
  });
  it.each([
    ['has ended', answered, idOf(1)],
    ['has ended before another', running, idOf(1)],
    ['never was', running, idOf(77)],
  ])('changes nothing where the turn %s', (_, past, ended) => {
    given(past).when({ type: 'interruptTurn', turnId: ended, reason: 'x' }).thenNothing();
    given(past).when({ type: 'failTurn', turnId: ended, code: 'x', message: 'x' }).thenNothing();
  });
});
