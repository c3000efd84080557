import type { Message } from '#contracts';
import type { BranchPart } from '#projections';
import { chattyStory } from '../../support/chatty-story.js';
import { createPrng } from '../../support/prng.js';
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

const bySeq = (a: Message, b: Message) => a.seq - b.seq;

type Exported = { part: BranchPart; messages: Message[] };

async function exported(streamId: string, at: number): Promise<Exported[]> {
  const found: Exported[] = [];
  for await (const part of open.exports.parts(READER, streamId, at)) {
    const messages: Message[] = [];
    for await (const message of open.exports.messages(READER, streamId, at, part.segment))
      messages.push(message);
    found.push({ part, messages });
  }
  return found;
}

describe('what an export reads', () => {
  it('is every message of every branch, as it was, each part after the one that it goes on from', async () => {
    const prng = createPrng('export reads');
    const epoch = await open.log.epoch();
    for (let round = 0; round < 8; round += 1) {
      const streamId = newStreamId();
      const events = withOwnIds(chattyStory(prng, 70), streamId);
      const checkpoint = prng.between(0, events.length);
      await appendLogged(open.log, streamId, events.slice(0, checkpoint));
      await open.runner.project(streamId);
      await appendLogged(open.log, streamId, events.slice(checkpoint));
      for (const at of [events.length, prng.between(1, events.length)]) {
        const oracle = new Oracle(streamId, await eventsUpTo(open.log, streamId, at), epoch);
        const parts = await exported(streamId, at);
        const messages = parts.flatMap((part) => part.messages);
        const all = oracle.messageIds().flatMap((id) => oracle.message(id) ?? []);
        expect(messages.toSorted(bySeq)).toEqual(all.toSorted(bySeq));
        const selected = parts.filter(({ part }) => part.selected).flatMap((part) => part.messages);
        expect(selected.map(({ id }) => id)).toEqual(
          expect.arrayContaining(oracle.page().map(({ id }) => id)),
        );
        for (const [i, { part, messages: own }] of parts.entries()) {
          expect(own).toEqual(own.toSorted(bySeq));
          const before = parts.slice(0, i).map((other) => other.part.segment);
          if (part.from !== null) expect(before.some((segment) => segment <= part.from!)).toBe(true);
        }
        expect(await exported(streamId, at)).toEqual(parts);
      }
    }
  }, 120_000);

  it("is nobody else's", async () => {
    const streamId = newStreamId();
    const events = withOwnIds(chattyStory(createPrng('others'), 20), streamId);
    await appendLogged(open.log, streamId, events);
    const other = { tenantId: 'other', userId: 'owner' };
    for await (const part of open.exports.parts(other, streamId, 1)) throw new Error(`gave ${part.segment}`);
    for await (const message of open.exports.messages(other, streamId, 1, 2)) throw new Error(message.id);
  });
});
