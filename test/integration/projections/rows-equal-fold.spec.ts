import { chattyStory } from '../../support/chatty-story.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  READER,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

/** Tells a random story to the log in units of random size; `between` is called after each. */
async function tell(
  prng: Prng,
  steps: number,
  between: (streamId: string, seq: number) => Promise<void>,
): Promise<string> {
  const streamId = newStreamId();
  const events = withOwnIds(chattyStory(prng, steps), streamId);
  for (let at = 0; at < events.length;) {
    const size = prng.between(1, 12);
    await appendLogged(open.log, streamId, events.slice(at, at + size));
    at = Math.min(at + size, events.length);
    await between(streamId, at);
  }
  return streamId;
}

describe('the rows of a projected conversation', () => {
  it('are the fold of events[1..n] for every n, wherever the batches end', async () => {
    const prng = createPrng('rows equal fold');
    const epoch = await open.log.epoch();
    for (let round = 0; round < 8; round += 1) {
      const streamId = await tell(prng, 60, async (id) => {
        if (prng.next() < 0.4) expect(await open.runner.project(id)).toBe('current');
      });
      expect(await open.runner.project(streamId)).toBe('current');
      const head = await open.log.head(streamId);
      for (let at = 1; at <= head; at += prng.between(1, 4)) {
        const oracle = new Oracle(streamId, await eventsUpTo(open.log, streamId, at), epoch);
        const page = await open.messages.page(READER, streamId, { limit: 1_000, at });
        expect({ at, items: page.items }).toEqual({ at, items: oracle.page() });
        const found = await open.conversations.get(READER, streamId, { at });
        expect({ at, conversation: found?.conversation }).toEqual({
          at,
          conversation: oracle.conversation(),
        });
        const id = prng.pick([...oracle.messageIds(), newStreamId()]);
        expect(await open.messages.get(READER, id, { conversationId: streamId, at })).toEqual(
          oracle.message(id),
        );
      }
    }
  }, 120_000);
});
