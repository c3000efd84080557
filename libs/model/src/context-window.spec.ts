import { answering, call, messagesOf, settings, text, tools } from '../../../test/support/request-of.js';
import { conversationId, idOf, Story } from '../../../test/support/story.js';
import { buildRequest, isContextLoaded } from './context.js';
import { foldEvents } from './evolve.js';

/** Exchanges of about 100 tokens: a question, a call, its result, an answer. */
const long = (exchanges: number): Story => {
  const story = new Story().start();
  for (let n = 0; n < exchanges; n += 1) {
    story.turn(`question ${n} ${'q'.repeat(60)}`);
    const answerId = story.begin();
    story.complete({ content: [call(`t${n}`)] });
    story.succeed(`t${n}`, story.call(`t${n}`, answerId), answerId, 'r'.repeat(60));
    story.begin();
    story.complete({ content: [text(`answer ${n}`)] }).end();
  }
  story.post('user', 'last');
  return story;
};
const kept = (words: string) => {
  const story = new Story().start();
  for (let n = 0; n < 10; n += 1) story.post('user', words);
  return messagesOf(story, { contextTokens: 1000, system: '', tools: [] })[0]!.content.length;
};

describe('the budget', () => {
  it.each([100, 300, 500, 1000])(
    'of %d tokens is filled with whole exchanges, the newest',
    (contextTokens) => {
      const story = long(20);
      const messages = messagesOf(story, { contextTokens });
      const questions = messages.flatMap(({ content }) =>
        content.filter((block) => String(block.text).startsWith('question')),
      );
      const results = messages.flatMap(({ content }) => content.filter(({ type }) => type === 'tool_result'));
      expect(results).toHaveLength(questions.length);
      expect(questions.map((block) => Number(String(block.text).split(' ')[1]))).toEqual(
        Array.from({ length: questions.length }, (_, index) => 20 - questions.length + index),
      );
      // At least 140 characters an exchange.
      expect(questions.length * (140 / 3)).toBeLessThan(contextTokens);
    },
  );
  it('counts system prompt and tools', () => {
    const story = long(20);
    const all = messagesOf(story, { contextTokens: 800 }).length;
    expect(messagesOf(story, { contextTokens: 800, system: 's'.repeat(900) }).length).toBeLessThan(all);
    expect(
      messagesOf(story, { contextTokens: 800, tools: [{ ...tools[0]!, description: 'd'.repeat(900) }] })
        .length,
    ).toBeLessThan(all);
  });
  it('counts a character of Chinese as a token, and what is not ASCII as it is', () => {
    expect([
      kept('x'.repeat(300)),
      kept('é'.repeat(300)),
      kept('时'.repeat(300)),
      kept('😀'.repeat(150)),
    ]).toEqual([8, 4, 3, 4]);
  });
  it('never cuts the newest exchange, however large', () => {
    const story = long(2);
    story.post('user', 'x'.repeat(5000));
    expect(messagesOf(story, { contextTokens: 50 }).flatMap(({ content }) => content)).toEqual([
      text('x'.repeat(5000)),
    ]);
  });
  it('counts nothing for what was removed', () => {
    const story = new Story().start();
    story.post('user', 'first');
    const removed = story.post('assistant', 'x'.repeat(5000));
    story.post('user', 'last');
    expect(messagesOf(story, { contextTokens: 100 })).toHaveLength(1);
    story.do({ type: 'removeMessage', messageId: removed });
    expect(messagesOf(story, { contextTokens: 100 })[0]!.content).toEqual([text('first'), text('last')]);
  });
  it('takes a system message without the exchange before it', () => {
    const story = new Story().start();
    story.post('user', 'x'.repeat(5000));
    story.post('system', 'Be French.');
    story.post('user', 'last');
    expect(messagesOf(story, { contextTokens: 100 })[0]!.content).toHaveLength(2);
  });
  it('costs a tool’s input once', () => {
    const { story, answerId } = answering(call('t1', { content: 'x'.repeat(600) }));
    story.succeed('t1', story.call('t1', answerId, { content: 'x'.repeat(600) }), answerId, 'ok').end();
    story.post('user', 'last');
    expect(messagesOf(story, { contextTokens: 400, tools: [] })).toHaveLength(3);
  });
});

describe('a state that is loaded in part', () => {
  const story = new Story().start();
  story.post('user', 'first');
  const { turnId } = story.turn('Time?');
  const answerId = story.begin();
  story.complete({ content: [call('t1')] });
  const row = story.call('t1', answerId);
  story.succeed('t1', row, answerId, 'noon');
  const suffix = (fromSeq: number) =>
    foldEvents(
      conversationId,
      story.events.filter(({ seq }) => seq >= fromSeq),
    );
  const questionSeq = story.state.messages[story.state.turn!.messageId]!.seq;

  it('is not enough while the newest exchange is not whole', () => {
    for (let seq = questionSeq + 1; seq <= story.state.seq + 1; seq += 1) {
      expect(isContextLoaded(suffix(seq), row, settings)).toBe(false);
      expect(buildRequest(suffix(seq), row, settings).decided).toBe(false);
    }
  });
  it('sends nothing of an older exchange of which it has only a part', () => {
    const longer = new Story().start();
    longer.post('user', 'first');
    longer.post('assistant', 'one');
    longer.post('assistant', 'two');
    const tip = longer.post('user', 'last');
    const late = foldEvents(
      conversationId,
      longer.events.filter(({ seq }) => seq >= 4),
    );
    const { request, decided } = buildRequest(late, tip, settings);
    expect(request.messages).toEqual([{ role: 'user', content: [text('last')] }]);
    expect(decided).toBe(false);
  });
  it('is enough where nothing older would fit', () => {
    expect(isContextLoaded(suffix(questionSeq), row, settings)).toBe(false);
    expect(isContextLoaded(suffix(2), row, settings)).toBe(true);
    expect(isContextLoaded(suffix(2), row, { ...settings, contextTokens: 60 })).toBe(true);
    expect(turnId).toBe(idOf(2));
  });
});
