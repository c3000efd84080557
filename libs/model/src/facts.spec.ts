import { idOf, Story } from '../../../test/support/story.js';
import type { MessageFact } from './commands.js';
import { collectFacts } from './facts.js';
import { prune } from './prune.js';

function answered(): Story {
  const story = new Story().start();
  story.turn('Time?'); // turn 1, question 2
  const first = story.begin();
  story.complete({ content: [] });
  story.call('toolu', first);
  story.succeed('toolu', idOf(4), first, 'noon');
  story.begin();
  return story.complete({ content: [] }).end();
}

const lookupIn = (story: Story, asked: string[][]) => (ids: string[]) => {
  asked.push(ids);
  const known = ids.map((id) => story.state.messages[id]).filter((message) => message !== undefined);
  return Promise.resolve(
    Object.fromEntries(known.map(({ id, ...fact }): [string, MessageFact] => [id, fact])),
  );
};

it('looks up, row by row, the way from an answer to its question', async () => {
  const story = answered();
  const asked: string[][] = [];
  const command = { type: 'regenerate', messageId: idOf(5), turnId: idOf(90) } as const;
  const { messages } = await collectFacts(prune(story.state), command, lookupIn(story, asked));
  expect(asked).toEqual([[idOf(5)], [idOf(4)], [idOf(3)], [idOf(2)]]);
  expect(Object.keys(messages)).toEqual([idOf(5), idOf(4), idOf(3), idOf(2)]);
});

it('asks for nothing that is loaded, and not twice for what does not exist', async () => {
  const story = answered();
  const asked: string[][] = [];
  const lookup = lookupIn(story, asked);
  await collectFacts(story.state, { type: 'removeMessage', messageId: idOf(5) }, lookup);
  await collectFacts(
    story.state,
    { type: 'postMessage', messageId: idOf(90), role: 'user', content: 'x' },
    lookup,
  );
  await collectFacts(story.state, { type: 'cancelTurn', turnId: idOf(1) }, lookup);
  expect(asked).toEqual([]);
  await collectFacts(story.state, { type: 'selectBranch', leafId: idOf(77) }, lookup);
  expect(asked).toEqual([[idOf(77)]]);
});
