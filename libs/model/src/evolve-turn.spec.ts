import { answers } from '../../../test/samples/answers.js';
import { conversationId, Story, timeOf } from '../../../test/support/story.js';
import { foldMessage } from './assistant-fold.js';
import type { LoggedEvent } from './events.js';
import { foldEvents } from './evolve.js';
import { selectedPath } from './message-tree.js';

function running(): { story: Story; answerId: string; turnId: string; questionId: string } {
  const story = new Story().start();
  const { turnId, messageId } = story.turn('Time?');
  return { story, turnId, questionId: messageId, answerId: story.begin() };
}
const fold = (events: LoggedEvent[]) => foldEvents(conversationId, events);
const half = answers['two tool calls in one answer']!.slice(0, 5);
const call = { type: 'tool_use', id: 'toolu', name: 'Clock', input: {} };

it('goes from requested to running to completed', () => {
  const story = new Story().start();
  const turnId = story.newId();
  const messageId = story.newId();
  story.do({ type: 'requestTurn', turnId, messageId, prompt: 'Hi', model: 'm' });
  expect(story.state.turn).toMatchObject({
    turnId,
    status: 'requested',
    messageId,
    tipId: messageId,
    model: 'm',
    requestedSeq: 3,
  });
  story.append({ type: 'TurnStarted', data: { turnId, owner: 'me' } });
  expect(story.state.turn).toMatchObject({ status: 'running', owner: 'me', step: 0, endedSeq: null });
  const answerId = story.begin();
  expect(story.state.turn).toMatchObject({ step: 1, tipId: answerId });
  story.complete({ content: [] });
  story.end();
  expect(story.state).toMatchObject({
    inFlight: null,
    turn: { status: 'completed', endedSeq: 8, reason: null },
  });
});

it('shows an answer grow, delta by delta', () => {
  const { story, answerId, turnId } = running();
  expect(story.state.messages[answerId]).toMatchObject({
    role: 'assistant',
    turnId,
    streamingStatus: 'pending',
    content: '',
  });
  let text = '';
  for (const event of answers['text in pieces, with pings']!) {
    story.deltas(event);
    text += (event.delta as { text?: string } | undefined)?.text ?? '';
    expect(story.state.messages[answerId]!.content).toBe(text);
  }
  expect(story.state.messages[answerId]).toMatchObject({ streamingStatus: 'streaming' });
  const message = foldMessage(story.state.inFlight!.fold)!;
  story.complete(message);
  expect(story.state.messages[answerId]).toMatchObject({
    streamingStatus: 'complete',
    content: text,
    blocks: message.content,
    metadata: { model: 'claude-sonnet-5-5', stopReason: 'end_turn', usage: { output_tokens: 1 } },
  });
  expect(story.state.inFlight).toBeNull();
});

it('needs no delta of an answer that was completed', () => {
  const { story } = running();
  story.deltas(...answers['two tool calls in one answer']!);
  story.complete(foldMessage(story.state.inFlight!.fold)!);
  const without = story.events.filter(({ type }) => type !== 'StreamDeltaReceived');
  expect(fold(without).messages).toEqual(story.state.messages);
});

it('takes no delta of another turn', () => {
  const { story, answerId } = running();
  const [start] = answers['text in pieces, with pings']!;
  story.append({ type: 'StreamDeltaReceived', data: start!, metadata: { turnId: story.newId() } });
  expect(story.state.messages[answerId]!.streamingStatus).toBe('pending');
});

it('chains the rows of a turn: question, answer, tool rows, answer', () => {
  const { story, questionId, answerId } = running();
  story.complete({ content: [call, { ...call, id: 'toolu_2' }] });
  const first = story.call('toolu', answerId, { zone: 'UTC' });
  const second = story.call('toolu_2', answerId);
  expect(story.state.turn).toMatchObject({ openToolCalls: { toolu: first, toolu_2: second }, tipId: second });
  story.succeed('toolu', first, answerId, 'noon').fail('toolu_2', second, answerId, 'broken');
  expect(story.state.turn!.openToolCalls).toEqual({});
  const last = story.begin();
  expect(selectedPath(story.state).map(({ id }) => id)).toEqual([questionId, answerId, first, second, last]);
  expect(story.state.messages[first]).toMatchObject({
    role: 'tool',
    content: '{"zone":"UTC"}',
    toolName: 'Clock',
    toolCall: { zone: 'UTC' },
    toolUseId: 'toolu',
    toolResult: 'noon',
    toolError: false,
    streamingStatus: 'complete',
  });
  expect(story.state.messages[second]).toMatchObject({
    toolResult: 'broken',
    toolError: true,
    streamingStatus: 'error',
    metadata: { reason: 'tool_failed' },
  });
});

it('follows its own tip, whatever is selected meanwhile', () => {
  const story = new Story().start();
  const [a, b] = [story.post('user', 'a'), story.post('assistant', 'b')];
  const { messageId } = story.turn('c');
  story.do({ type: 'selectBranch', leafId: a });
  const answerId = story.begin();
  expect(story.state.messages[answerId]!.parentId).toBe(messageId);
  expect(story.state.leafId).toBe(a);
  expect(story.state.messages[messageId]!.parentId).toBe(b);
});

it('answers anew beside the first answer, and shows the new one', () => {
  const { story, questionId, answerId } = running();
  story.complete({ content: [{ type: 'text', text: 'Noon.' }] }).end();
  const turnId = story.newId();
  story.do({ type: 'regenerate', messageId: answerId, turnId });
  story.append({ type: 'TurnStarted', data: { turnId, owner: 'me' } });
  const again = story.begin();
  expect(story.state.messages[again]!.parentId).toBe(questionId);
  expect(selectedPath(story.state).map(({ id }) => id)).toEqual([questionId, again]);
});

describe('a turn that does not complete', () => {
  it.each([
    ['cancelled', 'TurnCancelled', { reason: 'user' }, 'complete', { reason: 'user' }],
    [
      'failed',
      'TurnFailed',
      { code: 'overloaded', message: 'busy' },
      'error',
      { reason: 'overloaded', error: 'busy' },
    ],
    ['interrupted', 'TurnInterrupted', { reason: 'lease_expired' }, 'error', { reason: 'lease_expired' }],
  ] as const)(
    '%s: keeps the partial answer, and says what happened',
    (outcome, type, data, streamingStatus, detail) => {
      const { story, answerId, turnId } = running();
      story.deltas(...half);
      story.append({ type, data: { turnId, ...data } } as Parameters<Story['append']>[0]);
      expect(story.state.messages[answerId]).toMatchObject({
        streamingStatus,
        content: 'I look at both.',
        metadata: { outcome, model: 'claude-sonnet-5-5', ...detail },
        updatedAt: timeOf(story.state.seq),
      });
      expect(story.state).toMatchObject({
        inFlight: null,
        turn: { status: outcome, endedSeq: story.state.seq, reason: detail.reason },
      });
    },
  );

  it('keeps of a tool call that was cut off what had come of its input', () => {
    const { story, answerId, turnId } = running();
    story.deltas(...answers['a tool call cut off by max_tokens']!.slice(0, 3));
    story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'stalled' } });
    expect(story.state.messages[answerId]!.blocks).toEqual([
      { type: 'tool_use', id: 'toolu_g', name: 'Write', input: { file_path: 'a.html', lines: [1, 2] } },
    ]);
  });

  it('leaves no tool row open', () => {
    const { story, answerId, turnId } = running();
    story.complete({ content: [call, { ...call, id: 'toolu_2' }] });
    const [done, open] = [story.call('toolu', answerId), story.call('toolu_2', answerId)];
    story.succeed('toolu', done, answerId, 'noon');
    story.append({ type: 'TurnCancelled', data: { turnId } });
    expect(story.state.messages[open]).toMatchObject({
      streamingStatus: 'error',
      toolError: true,
      toolResult: null,
      metadata: { outcome: 'cancelled' },
    });
    expect(story.state.messages[done]).toMatchObject({ streamingStatus: 'complete', toolResult: 'noon' });
    expect(story.state.turn!.openToolCalls).toEqual({});
  });

  it('ends once: a second end is shown as what it is', () => {
    const { story, turnId } = running();
    story.append(
      { type: 'TurnCancelled', data: { turnId } },
      { type: 'TurnInterrupted', data: { turnId, reason: 'x' } },
    );
    expect(story.state.turn).toMatchObject({ status: 'cancelled' });
    expect(story.state.markers).toEqual([
      {
        seq: story.state.seq,
        type: 'TurnInterrupted',
        problem: `could not be applied: turn ${turnId} has ended before`,
      },
    ]);
  });
});

it('repairs a call that was never begun, on the answer that asked for it', () => {
  const { story, answerId, turnId } = running();
  story.complete({ content: [call] });
  story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'x' } });
  story.turn('Go on');
  story.fail('toolu', null, answerId, 'never begun');
  expect(story.state.messages[answerId]!.repairs).toEqual({ toolu: 'never begun' });
});

it('goes on from an event amid a turn whose request it has not seen', () => {
  const { story, answerId, turnId } = running();
  const from = story.events.findIndex(({ type }) => type === 'AssistantMessageStarted');
  story.deltas(...half);
  story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'x' } });
  const state = fold(story.events.slice(from));
  expect(state.messages[answerId]).toEqual(story.state.messages[answerId]);
  expect(state.turn).toMatchObject({ turnId, status: 'interrupted' });
  expect(state.markers).toEqual([]);
});
