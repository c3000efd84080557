import { conversationId, Story } from '../../../../test/support/story.js';
import type { LolFrame } from './lol-frame.js';
import { encodeLolFrame } from './lol-frame.js';
import { LolTurnFold } from './turn-fold.js';

type Told = { story: Story; turnId: string; messageId: string };

/** A conversation with an earlier turn that left a call open, and a new turn. */
function told(): Told {
  const story = new Story().start('Page');
  story.turn('first');
  const answer = story.begin();
  story.complete({ content: [{ type: 'tool_use', id: 'old', name: 'Clock', input: {} }] });
  story.call('old', answer);
  story.do({ type: 'cancelTurn', turnId: story.state.turn!.turnId });
  return { story, ...story.turn('Build it') };
}

function framesOf({ story, turnId }: Told) {
  const fold = new LolTurnFold(conversationId, turnId);
  const first = story.turns[turnId]!.seq - 1;
  const frames = story.events.filter(({ seq }) => seq >= first).flatMap((event) => fold.next(event));
  return {
    fold,
    frames,
    messages: frames.filter(({ event }) => event === 'message').map(({ data }) => data),
  };
}

const names = (frames: LolFrame[]) =>
  frames
    .filter(({ event }) => event !== 'delta')
    .map(({ event, data }) => ('type' in data ? String(data.type) : event));

const start = { type: 'message_start', message: { content: [], model: 'm' } };
const block = (index: number, text: string) => [
  { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index, delta: { type: 'text_delta', text } },
];
const row = (id: string, content: string, streamingStatus: string) => ({
  id,
  messageId: id,
  content,
  streamingStatus,
});
const stop = (index: number) => ({ type: 'content_block_stop', index });

describe('a turn with text and a tool', () => {
  const all = told();
  const { story, turnId } = all;
  story.fail('old', null, story.state.leafId!, 'repaired');
  const answerId = story.begin();
  const input = { file_path: 'index.html', content: '<p>' };
  const call = { type: 'tool_use', id: 'toolu_1', name: 'Clock', input };
  story
    .deltas(start, ...block(0, 'One.'), stop(0), ...block(1, ''), stop(1), ...block(2, 'Two.'), stop(2))
    .complete({
      content: [
        { type: 'text', text: 'One.' },
        { type: 'text', text: '' },
        { type: 'text', text: 'Two.' },
        call,
      ],
    });
  const rowId = story.call('toolu_1', answerId, input);
  story.succeed('toolu_1', rowId, answerId, 'written');
  const closingId = story.begin();
  story.deltas(start, ...block(0, 'Done.'), stop(0)).complete({ content: [{ type: 'text', text: 'Done.' }] });
  story.end();
  const { fold, frames, messages } = framesOf(all);

  it('is told in the order of the log, one frame a text block that says something', () => {
    expect(names(frames)).toEqual([
      'userMessage',
      'assistantMessage',
      'assistant',
      'assistant',
      'tool_use',
      'tool_result',
      'assistant',
    ]);
    expect(frames[0]!.data).toEqual({ messageId: all.messageId });
    expect(frames.find(({ event }) => event === 'assistantMessage')!.data).toEqual({ messageId: answerId });
  });

  it('shows each row as the list would show it at that moment', () => {
    const own = { conversationId, timestamp: expect.any(Number) };
    const tool = {
      ...row(rowId, JSON.stringify(input), 'pending'),
      ...own,
      toolName: 'Clock',
      toolCall: input,
    };
    expect(messages).toEqual([
      { type: 'assistant', data: { content: 'One.' }, ...own, ...row(answerId, 'One.', 'streaming') },
      { type: 'assistant', data: { content: 'Two.' }, ...own, ...row(answerId, 'One.Two.', 'streaming') },
      { type: 'tool_use', data: { tool: 'Clock', toolInput: input, toolUseId: 'toolu_1' }, ...tool },
      {
        type: 'tool_result',
        data: { tool: 'toolu_1', toolOutput: 'written' },
        ...tool,
        toolResult: 'written',
        streamingStatus: 'complete',
      },
      { type: 'assistant', data: { content: 'Done.' }, ...own, ...row(closingId, 'Done.', 'streaming') },
    ]);
  });

  it('carries the seq and the time of its event, and deltas without a key that the app looks at', () => {
    const bySeq = new Map(story.events.map((event) => [event.seq, event]));
    for (const { seq, data } of frames) {
      if ('timestamp' in data) expect(data.timestamp).toBe(Date.parse(bySeq.get(seq!)!.at));
    }
    const deltas = frames.filter(({ event }) => event === 'delta');
    expect(deltas.length).toBe(14);
    for (const { seq, data } of deltas) expect(data).toEqual({ seq, delta: bySeq.get(seq!)!.data });
  });

  it('knows its end, and nothing of what comes after it', () => {
    const at = story.events.at(-1)!.at;
    expect(fold.end).toEqual({ type: 'TurnCompleted', seq: story.state.seq, at, changedProject: false });
    story.turn('another');
    expect(fold.next(story.events.at(-1)!)).toEqual([]);
    expect(fold.end!.type).toBe('TurnCompleted');
    expect(turnId).not.toBe(story.state.turn!.turnId);
  });
});

it('shows what a broken-off answer has said, and says what happened', () => {
  const all = told();
  const id = all.story.begin();
  all.story.deltas(start, ...block(0, 'Half an ans'));
  all.story.do({ type: 'interruptTurn', turnId: all.turnId, reason: 'lease_expired' });
  const { fold, frames, messages } = framesOf(all);
  expect(names(frames)).toEqual(['userMessage', 'assistantMessage', 'assistant']);
  expect(messages[0]).toMatchObject({ id, data: { content: 'Half an ans' }, streamingStatus: 'error' });
  expect(fold.end).toMatchObject({
    type: 'TurnInterrupted',
    code: 'lease_expired',
    error: 'The answer was interrupted (lease_expired).',
  });
  expect(fold.answer).toMatchObject({ id, content: 'Half an ans' });
});

it('tells of a turn that failed before it answered', () => {
  const all = told();
  all.story.do({ type: 'failTurn', turnId: all.turnId, code: 'overloaded', message: 'Busy.' });
  const { fold, frames } = framesOf(all);
  expect(names(frames)).toEqual(['userMessage']);
  expect(fold.end).toMatchObject({ type: 'TurnFailed', error: 'Busy.', code: 'overloaded' });
  expect(fold.answer).toBeUndefined();
});

it('has no error in a turn that was stopped, and tells a failed call', () => {
  const all = told();
  const id = all.story.begin();
  all.story.complete({ content: [{ type: 'tool_use', id: 'a', name: 'Clock', input: {} }] });
  all.story.fail('a', all.story.call('a', id), id, 'No such zone.');
  all.story.do({ type: 'cancelTurn', turnId: all.turnId });
  const { fold, messages } = framesOf(all);
  expect(messages.at(-1)).toMatchObject({
    type: 'tool_result',
    data: { tool: 'a', toolOutput: 'No such zone.', isError: true },
    toolResult: 'No such zone.',
    streamingStatus: 'error',
  });
  expect(fold.end!.type).toBe('TurnCancelled');
  expect(fold.end!.error).toBeUndefined();
});

it('is one data line, whatever it carries', () => {
  const text = encodeLolFrame({ event: 'message', data: { content: 'a\n\ndata: x\r\nb' }, seq: 3 });
  expect(text.split('\n')).toEqual(['id: 3', 'event: message', expect.stringMatching(/^data: \{/), '', '']);
});
