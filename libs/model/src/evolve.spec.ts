import { createPrng, type Prng } from '../../../test/support/prng.js';
import { RandomStory } from '../../../test/support/random-story.js';
import { conversationId, idOf, logged, Story, timeOf } from '../../../test/support/story.js';
import { eventSchemas, type LoggedEvent } from './events.js';
import { evolve, foldEvents } from './evolve.js';
import { copyState, initialState } from './state.js';

const types = Object.keys(eventSchemas);

/** Anything that JSON can be, now and then something that looks right. */
function garbage(prng: Prng, depth = 0): unknown {
  const leaf = prng.pick<() => unknown>([
    () => null,
    () => prng.pick([true, false]),
    () => prng.pick([0, -1, 0.5, 1e308, 2 ** 53]),
    () =>
      prng.pick(['', 'text', '__proto__', 'constructor', '\u0000', '\ud800', 'tool_use', 'user', 'complete']),
    () => idOf(prng.between(0, 5)),
    () => undefined,
  ]);
  if (depth > 3 || prng.next() < 0.4) return leaf();
  if (prng.next() < 0.3) return Array.from({ length: prng.between(0, 3) }, () => garbage(prng, depth + 1));
  const keys = [
    'type',
    'messageId',
    'parentId',
    'turnId',
    'content',
    'message',
    'role',
    '__proto__',
    'toolUseId',
    'delta',
    'index',
    'input',
  ];
  const fields = Array.from({ length: prng.between(0, 5) }, () => [
    prng.pick(keys),
    garbage(prng, depth + 1),
  ]);
  return JSON.parse(JSON.stringify(Object.fromEntries(fields)));
}

/** An event of another story with a field or two gone wrong. */
function spoiled(prng: Prng, event: LoggedEvent): LoggedEvent {
  const copy = structuredClone(event) as LoggedEvent & { data: Record<string, unknown> };
  const fields = Object.keys(copy.data);
  if (fields.length > 0) copy.data[prng.pick(fields)] = garbage(prng);
  if (prng.next() < 0.2) copy.schemaVersion = prng.pick([0, 2, -1, 1.5, Number.NaN]);
  if (prng.next() < 0.1) copy.type = prng.pick([...types, 'Nonsense', '__proto__', 'toString', '']);
  return copy;
}

it('never throws, whatever the log holds: it shows what it cannot read', () => {
  const prng = createPrng('garbage events');
  let markers = 0;
  for (let round = 0; round < 30; round += 1) {
    const story = new RandomStory(prng);
    for (let step = 0; step < 60; step += 1) story.step();
    let state = initialState(conversationId);
    for (const [index, event] of story.events.entries()) {
      const bad: LoggedEvent =
        prng.next() < 0.7
          ? spoiled(prng, event)
          : { seq: 0, type: prng.pick(types), at: '', schemaVersion: 1, data: garbage(prng), metadata: {} };
      for (const next of prng.next() < 0.5 ? [event] : [bad, event]) {
        const before = state.markers.length;
        state = evolve(state, { ...next, seq: index + 1, at: timeOf(index) });
        expect(state.seq).toBe(index + 1);
        for (const marker of state.markers.slice(before)) {
          expect(marker).toEqual({ seq: index + 1, type: next.type, problem: expect.stringMatching(/./) });
        }
      }
    }
    markers += state.markers.length;
    expect(Object.getPrototypeOf(state.messages)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).type).toBeUndefined();
  }
  expect(markers).toBeGreaterThan(100);
});

it('makes the same of a prefix and a suffix as of the whole, at any cut, also through JSON', () => {
  const prng = createPrng('prefix and suffix');
  for (let round = 0; round < 20; round += 1) {
    const story = new RandomStory(prng);
    for (let step = 0; step < 150; step += 1) story.step();
    const whole = foldEvents(conversationId, story.events);
    expect(whole).toEqual(story.state);
    expect(whole.markers).toEqual([]);
    const cut = prng.between(0, story.events.length);
    const prefix = foldEvents(conversationId, story.events.slice(0, cut));
    const kept = JSON.stringify(prefix);
    expect(foldEvents(conversationId, story.events.slice(cut), prefix)).toEqual(whole);
    expect(JSON.stringify(prefix)).toBe(kept);
    expect(foldEvents(conversationId, story.events.slice(cut), JSON.parse(kept))).toEqual(whole);
  }
});

it('replaces messages that change, and never changes one', () => {
  const prng = createPrng('changed messages');
  const story = new RandomStory(prng);
  for (let step = 0; step < 300; step += 1) {
    const before = copyState(story.state);
    const texts = new Map(
      Object.values(before.messages).map((message) => [message, JSON.stringify(message)]),
    );
    story.step();
    for (const [message, text] of texts) {
      expect(JSON.stringify(message)).toBe(text);
      if (story.state.messages[message.id] === message) continue;
      expect(story.state.messages[message.id]!.updatedSeq).toBeGreaterThan(before.seq);
    }
  }
});

it('leaves a state alone whose copy it changes', () => {
  const story = new Story().start();
  const removed = story.post('user', 'a');
  const kept = copyState(story.state);
  const before = structuredClone(kept);
  story.append({ type: 'ConversationRenamed', data: { title: 7 as unknown as string } });
  story.post('user', 'b');
  story.do({ type: 'removeMessage', messageId: removed });
  expect(story.state.markers).toHaveLength(1);
  expect(kept).toEqual(before);
});

it('folds a conversation of 12,000 messages, and one answer of 100,000 deltas', () => {
  const story = new Story().start();
  const content = [{ type: 'text', text: 'Hi' }];
  let parentId: string | null = null;
  const posts = Array.from({ length: 12_000 }, () => {
    const messageId = story.newId();
    const event = {
      type: 'MessagePosted' as const,
      data: { messageId, parentId, role: 'user' as const, content },
    };
    parentId = messageId;
    return event;
  });
  for (const post of posts) story.append(post);
  story.turn('Long, please');
  const answerId = story.begin();
  const untouched = story.state.messages[idOf(1)];
  story.deltas({ type: 'message_start', message: { content: [] } });
  story.deltas({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
  const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x' } };
  for (let count = 0; count < 100_000; count += 1) story.deltas(delta);
  expect(story.state.messages[answerId]!.content).toHaveLength(100_000);
  expect(story.state.messages[idOf(1)]).toBe(untouched);
});

it('shows events from the future and unknown ones, and goes on', () => {
  const [started] = logged([{ type: 'ConversationStarted', data: { title: 'T' } }]);
  const state = foldEvents(conversationId, [
    started!,
    { ...started!, seq: 2, type: 'ConversationPainted', data: { colour: 'red' } },
    { ...started!, seq: 3, type: 'ConversationRenamed', schemaVersion: 2, data: { title: { en: 'U' } } },
    { ...started!, seq: 4, type: 'ConversationRenamed', data: {} },
    { ...started!, seq: 5, type: 'ConversationArchived', data: {} },
  ]);
  expect(state).toMatchObject({ seq: 5, title: 'T', archived: true });
  expect(state.markers).toEqual([
    { seq: 2, type: 'ConversationPainted', problem: 'unknown event type ConversationPainted' },
    {
      seq: 3,
      type: 'ConversationRenamed',
      problem: 'ConversationRenamed has version 2, this code knows 1 to 1',
    },
    { seq: 4, type: 'ConversationRenamed', problem: expect.stringContaining('data.title') },
  ]);
});
