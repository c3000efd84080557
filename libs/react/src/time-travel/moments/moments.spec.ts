import { EPOCH, momentFromAll } from '../../../../../test/support/moment-oracle.js';
import { LogMoments } from '../../../../../test/support/log-moments.js';
import { createPrng, quietPrng } from '../../../../../test/support/prng.js';
import { RandomStory } from '../../../../../test/support/random-story.js';
import type { LoggedEvent } from '#model';
import type { MomentView } from './moment-view.js';
import { Moments } from './moments.js';

const prng = createPrng('moments.spec');

function story(seed: number, steps: number): { id: string; log: LoggedEvent[] } {
  const random = new RandomStory(quietPrng(seed));
  for (let i = 0; i < steps; i += 1) random.step();
  return { id: random.state.id, log: random.events };
}

function momentsOf(seed: number, steps = 400, pageEvents = 40) {
  const { id, log } = story(seed, steps);
  const source = new LogMoments(id, log);
  const moments = new Moments(source, { conversationId: id, messages: 8, pageEvents });
  moments.setHead(log.length, EPOCH);
  return { id, log, source, moments };
}

/** A view may begin with earlier messages than a page: as many as both have are compared, and that is not nothing. */
function expectSame(view: MomentView | undefined, expected: ReturnType<typeof momentFromAll>): void {
  expect(view).toBeDefined();
  const { messages, prev: _prev, filesKnown: _files, ...rest } = view!;
  const { messages: all, ...others } = expected;
  expect(JSON.parse(JSON.stringify(rest))).toEqual(JSON.parse(JSON.stringify(others)));
  expect(messages).toEqual(all.slice(all.length - messages.length));
  expect(messages.length).toBeGreaterThanOrEqual(Math.min(all.length, 1));
}

describe('every moment', () => {
  it.each(Array.from({ length: 8 }, () => prng.between(0, 2 ** 31)))(
    'is what the whole log makes, wherever a page begins (story %i)',
    async (seed) => {
      const { id, log, moments } = momentsOf(seed);
      const chance = quietPrng(seed);
      for (let i = 0; i < 40; i += 1) {
        const seq = chance.between(1, log.length);
        await moments.load(seq);
        const view = moments.peek(seq) ?? (await moments.ask(seq));
        expectSame(view, momentFromAll(id, log, seq));
      }
    },
  );

  it('is folded, not asked for, nearly everywhere', async () => {
    const { log, moments, source } = momentsOf(prng.between(0, 2 ** 31), 1_000, 200);
    for (let seq = 1; seq <= log.length; seq += 200) await moments.load(seq);
    const { states } = source;
    const unshown = log.filter(({ seq }) => !moments.peek(seq)).length;
    expect(source.states).toBe(states);
    expect(unshown).toBeLessThan(log.length / 4);
  });
});
