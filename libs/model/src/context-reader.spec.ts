import { answers } from '../../../test/samples/answers.js';
import { conversationId, Story } from '../../../test/support/story.js';
import { readContext, type ContextSource } from './context-reader.js';
import { buildRequest, type RequestSettings } from './context.js';
import { deltaEventType } from './events.js';

// That the requests are the same as from the full state, for any conversation: see context.property.spec.ts.

const settings: RequestSettings = {
  model: 'm',
  system: '',
  maxTokens: 100,
  contextTokens: 10_000,
  tools: [],
};

/** The story's log, and what was asked of it. */
function sourceOf({ events }: Story): ContextSource & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    before(seq, limit) {
      asked.push(`before ${seq}, ${limit}`);
      const found = events.filter((event) => event.seq < seq && event.type !== deltaEventType);
      return Promise.resolve(found.toReversed().slice(0, limit));
    },
    deltas(from, to) {
      asked.push(`deltas ${from} to ${to}`);
      return Promise.resolve(
        events.filter(({ type, seq }) => type === deltaEventType && seq >= from && seq <= to),
      );
    },
  };
}

function requestOf(story: Story, source: ContextSource, contextTokens: number, firstPage: number) {
  const { seq, leafId } = story.state;
  const more = { ...settings, contextTokens };
  return readContext(source, { conversationId, seq, tipId: leafId! }, more, firstPage).then((state) =>
    buildRequest(state, leafId!, more),
  );
}

it('reads growing pages until the budget is filled, and no further', async () => {
  const story = new Story().start();
  for (let n = 0; n < 1000; n += 1) story.post('user', 'x'.repeat(30));
  const source = sourceOf(story);
  const { request, fromSeq } = await requestOf(story, source, 300, 3);
  expect(source.asked).toEqual(['before 1002, 3', 'before 999, 6', 'before 993, 12']);
  expect(request.messages[0]!.content).toHaveLength(1001 - fromSeq + 1);
});

it('reads the deltas of answers that were cut off, on the way to the tip only', async () => {
  const story = new Story().start();
  const question = story.post('user', 'Hi');
  const cutOff = (turnId: string) => {
    story.append({ type: 'TurnStarted', data: { turnId, owner: 'me' } });
    story.begin();
    const from = story.state.seq + 1;
    story.deltas(...answers['text in pieces, with pings']!.slice(0, 6));
    const range = `deltas ${from} to ${story.state.seq}`;
    story.append({ type: 'TurnInterrupted', data: { turnId, reason: 'x' } });
    return range;
  };
  const again = (): string => {
    const turnId = story.newId();
    story.do({ type: 'regenerate', messageId: question, turnId });
    return cutOff(turnId);
  };
  again();
  const shown = again();
  const { turnId } = story.turn('And a whole one');
  story.begin();
  story.deltas(...answers['text in pieces, with pings']!);
  story.complete({ content: [{ type: 'text', text: 'whole' }] }).end();
  expect(turnId).toBe(story.state.turn!.turnId);
  const source = sourceOf(story);
  const { request } = await requestOf(story, source, 10_000, 100);
  expect(source.asked).toEqual([`before ${story.state.seq + 1}, 100`, shown]);
  expect(request).toEqual(buildRequest(story.state, story.state.leafId!, settings).request);
  expect(JSON.stringify(request.messages)).toContain('Hello, w');
});

it('stops at the beginning of the log, whatever is missing', async () => {
  const story = new Story().start();
  const source = sourceOf(story);
  const state = await readContext(source, { conversationId, seq: 1, tipId: story.newId() }, settings, 10);
  expect(source.asked).toEqual(['before 2, 10']);
  expect(buildRequest(state, story.newId(), settings)).toMatchObject({ decided: false, toSeq: 1 });
});
