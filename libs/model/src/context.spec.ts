import { answers } from '../../../test/samples/answers.js';
import { answering, call, messagesOf, settings, text, tools } from '../../../test/support/request-of.js';
import { Story } from '../../../test/support/story.js';
import { foldMessage } from './assistant-fold.js';
import { buildRequest, unansweredCalls } from './context.js';

const expected = (repair: string) => [
  { type: 'tool_result', tool_use_id: 't1', content: 'noon' },
  {
    type: 'tool_result',
    tool_use_id: 't2',
    content: expect.stringContaining('did not finish'),
    is_error: true,
  },
  { type: 'tool_result', tool_use_id: 't3', content: expect.stringContaining(repair), is_error: true },
  text('And now?'),
];
const interrupted = (name: string, deltas: number): Story => {
  const story = new Story().start();
  const { turnId } = story.turn('Question');
  story.begin();
  story.deltas(...answers[name]!.slice(0, deltas));
  story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'stalled' } });
  story.turn('Go on');
  return story;
};
it('is the body of a request', () => {
  const story = new Story().start();
  const tip = story.post('user', 'Hi');
  expect(buildRequest(story.state, tip, settings)).toEqual({
    request: {
      model: 'm',
      max_tokens: 100,
      system: 'Be brief.',
      tools,
      messages: [{ role: 'user', content: [text('Hi')] }],
      stream: true,
    },
    fromSeq: 2,
    toSeq: 2,
    decided: true,
  });
  const { request } = buildRequest(story.state, tip, { ...settings, system: '', tools: [] });
  expect(Object.keys(request)).toEqual(['model', 'max_tokens', 'messages', 'stream']);
});

describe('roles', () => {
  it('alternate: neighbours of one role become one message', () => {
    const story = new Story().start();
    for (const role of ['user', 'user', 'assistant', 'assistant', 'user'] as const) story.post(role, role);
    expect(messagesOf(story)).toEqual([
      { role: 'user', content: [text('user'), text('user')] },
      { role: 'assistant', content: [text('assistant'), text('assistant')] },
      { role: 'user', content: [text('user')] },
    ]);
  });
  it('begin with the user, also where the conversation does not', () => {
    const story = new Story().start();
    story.post('assistant', 'Welcome');
    story.post('user', 'Hi');
    expect(messagesOf(story).map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });
  it('mark a system message between others as what it is', () => {
    const story = new Story().start();
    story.post('system', 'Speak French.');
    story.post('user', 'Hi');
    expect(messagesOf(story)).toEqual([
      { role: 'user', content: [text('<system>\nSpeak French.\n</system>'), text('Hi')] },
    ]);
  });
  it('leave out what is empty or removed', () => {
    const story = new Story().start();
    story.post('user', 'a');
    story.post('assistant', ' \n');
    const removed = story.post('user', 'removed');
    story.post('user', 'b');
    story.do({ type: 'removeMessage', messageId: removed });
    expect(messagesOf(story)).toEqual([{ role: 'user', content: [text('a'), text('b')] }]);
  });
  it('follow the branch of the tip, not the selected one', () => {
    const story = new Story().start();
    const a = story.post('user', 'a');
    const b = story.post('assistant', 'b');
    story.post('assistant', 'c', { parentId: a });
    expect(messagesOf(story, {}, b).at(-1)).toEqual({ role: 'assistant', content: [text('b')] });
  });
});

describe('tool calls', () => {
  it('are followed by their results, in the order of the calls', () => {
    const { story, answerId } = answering(text('I look.'), call('t1', { zone: 'UTC' }), call('t2'));
    const [first, second] = [story.call('t1', answerId), story.call('t2', answerId)];
    story.fail('t2', second, answerId, 'broken').succeed('t1', first, answerId, 'noon');
    expect(messagesOf(story)).toEqual([
      { role: 'user', content: [text('Time?')] },
      { role: 'assistant', content: [text('I look.'), call('t1', { zone: 'UTC' }), call('t2')] },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 't1', content: 'noon' },
          { type: 'tool_result', tool_use_id: 't2', content: 'broken', is_error: true },
        ],
      },
    ]);
  });
  it('of an aborted turn get the error that was logged for them, before what the user says next', () => {
    const { story, answerId, turnId } = answering(call('t1'), call('t2'), call('t3'));
    const done = story.call('t1', answerId);
    story.succeed('t1', done, answerId, 'noon');
    story.call('t2', answerId);
    story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'lease_expired' } });
    story.turn('And now?');
    const { tipId } = story.state.turn!;
    expect(unansweredCalls(story.state, tipId)).toEqual([
      { assistantMessageId: answerId, toolUseId: 't3', toolName: 'Clock' },
    ]);
    expect(messagesOf(story).at(-1)!.content).toEqual(expected('did not finish'));
    story.fail('t3', null, answerId, 'never begun');
    expect(unansweredCalls(story.state, tipId)).toEqual([]);
    expect(messagesOf(story).at(-1)!.content).toEqual(expected('never begun'));
  });
  it('that another program posted are sent as a call and its result', () => {
    const story = new Story().start();
    story.post('user', 'Read it');
    const row = {
      role: 'tool',
      content: '{}',
      toolName: 'Read file!',
      toolCall: { path: 'a' },
      toolResult: { lines: 3 },
    } as const;
    const messageId = story.newId();
    story.do({ type: 'postMessage', messageId, ...row });
    expect(messagesOf(story).slice(1)).toEqual([
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: `row_${messageId}`, name: 'Read_file_', input: { path: 'a' } }],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: `row_${messageId}`, content: '{"lines":3}' }],
      },
    ]);
  });
  it('whose answer was removed stay, as a call and its result', () => {
    const { story, answerId } = answering(call('t1'));
    const row = story.call('t1', answerId, { zone: 'UTC' });
    story.succeed('t1', row, answerId, 'noon');
    story.begin();
    story.complete({ content: [text('Noon.')] }).end();
    story.do({ type: 'removeMessage', messageId: answerId });
    expect(messagesOf(story)[1]!.content).toEqual([{ ...call(`row_${row}`, { zone: 'UTC' }) }]);
  });
  it('with the same id in two turns keep their own results', () => {
    const { story, answerId } = answering(call('t1'));
    story.succeed('t1', story.call('t1', answerId), answerId, 'first').end();
    story.turn('Again');
    const again = story.begin();
    story.complete({ content: [call('t1')] });
    story.succeed('t1', story.call('t1', again), again, 'second');
    expect(messagesOf(story).map(({ content }) => content[0]!.content)).toEqual([
      undefined,
      undefined,
      'first',
      undefined,
      'second',
    ]);
  });
});

describe('what an aborted answer leaves', () => {
  it('is sent as far as it came', () => {
    expect(messagesOf(interrupted('text in pieces, with pings', 5))[1]).toEqual({
      role: 'assistant',
      content: [text('Hello, ')],
    });
  });
  it('is left out where it is nothing', () => {
    expect(messagesOf(interrupted('text in pieces, with pings', 2))).toHaveLength(1);
  });
  it('loses its unsigned thinking', () => {
    expect(messagesOf(interrupted('thinking, its signature sent twice, and text', 4))).toHaveLength(1);
  });
  it('loses signed thinking that nothing follows', () => {
    expect(messagesOf(interrupted('thinking, its signature sent twice, and text', 7))).toHaveLength(1);
  });
  it('keeps signed thinking before text', () => {
    const [, { content } = { content: [] }] = messagesOf(
      interrupted('thinking, its signature sent twice, and text', 9),
    );
    expect(content.map(({ type }) => type)).toEqual(['thinking', 'text']);
  });
  it('loses unsigned thinking before text, too', () => {
    const { story } = answering({ type: 'thinking', thinking: 'Hm', signature: '' }, text('Noon.'));
    expect(messagesOf(story).at(-1)!.content).toEqual([text('Noon.')]);
  });
  it('loses a server’s call that has no result', () => {
    expect(messagesOf(interrupted('server tools, their results and unknown blocks', 5))).toHaveLength(1);
    const [, answer] = messagesOf(interrupted('server tools, their results and unknown blocks', 7));
    expect(answer!.content.map(({ type }) => type)).toEqual(['server_tool_use', 'web_search_tool_result']);
  });
});

it('goes on from a paused turn with the answer as it stands', () => {
  const { story } = answering(text('Searching'), {
    type: 'server_tool_use',
    id: 's1',
    name: 'web_search',
    input: {},
  });
  expect(messagesOf(story).at(-1)).toEqual({
    role: 'assistant',
    content: [text('Searching'), { type: 'server_tool_use', id: 's1', name: 'web_search', input: {} }],
  });
});

it('sends an object as the input of every call, whatever the model wrote', () => {
  const inputs: unknown[] = [null, undefined, 'x', [1], { a: 1 }];
  const { story } = answering(...inputs.map((input, index) => ({ ...call(`t${index}`), input })));
  const sent = messagesOf(story, {}, story.state.turn!.tipId)[1]!.content.map(({ input }) => input);
  expect(sent).toEqual([{}, {}, { input: 'x' }, { input: [1] }, { a: 1 }]);
});

it('sends no half of a surrogate pair', () => {
  const { story } = answering(call('t1', { 'k\ud800': ['\udc00 😀'] }));
  story.end().turn('x');
  expect(messagesOf(story, {}, story.state.turn!.tipId)[1]!.content[0]!.input).toEqual({
    'k\uFFFD': ['\uFFFD 😀'],
  });
});

/** Halves of surrogate pairs are replaced: see above. */
const illFormed = ['control characters and halves of surrogate pairs', 'two tool calls in one answer'];

it.each(Object.keys(answers).filter((name) => !illFormed.includes(name)))(
  'sends back %s as the model wrote it',
  (name) => {
    const story = new Story().start();
    story.turn('Question');
    story.begin();
    story.deltas(...answers[name]!);
    const { content } = foldMessage(story.state.inFlight!.fold)!;
    story.complete({ content }).end();
    story.turn('Next');
    const sent = messagesOf(story)[1];
    expect(sent).toEqual(content.length > 0 ? { role: 'assistant', content } : undefined);
  },
);
