import type { Message } from '#contracts';
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

/** A conversation whose projections stand at a random event, in the middle of whatever it was, or have never begun. */
async function lagging(prng: Prng, steps: number): Promise<{ streamId: string; head: number }> {
  const streamId = newStreamId();
  const events = withOwnIds(chattyStory(prng, steps), streamId);
  const checkpoint = prng.pick([0, prng.between(0, events.length), prng.between(0, events.length)]);
  await appendLogged(open.log, streamId, events.slice(0, checkpoint));
  await open.runner.project(streamId);
  await appendLogged(open.log, streamId, events.slice(checkpoint));
  return { streamId, head: events.length };
}

/** One that has more messages than a page of one: a random story may have none. */
async function longEnough(prng: Prng): Promise<{ streamId: string; head: number }> {
  for (;;) {
    const made = await lagging(prng, 60);
    if ((await open.messages.page(READER, made.streamId, { limit: 2 })).items.length === 2) return made;
  }
}

/** All messages by following `next` from the beginning, or `prev` from the end. */
async function walk(
  streamId: string,
  at: number,
  limit: number,
  direction: 'next' | 'prev',
): Promise<Message[]> {
  const first = await open.messages.page(READER, streamId, {
    limit: direction === 'next' ? limit : 1_000,
    at,
  });
  if (direction === 'next') {
    const all = [...first.items];
    for (let cursor = first.next; cursor !== undefined;) {
      const page = await open.messages.page(READER, streamId, { limit, at, after: cursor });
      all.push(...page.items);
      cursor = page.next;
    }
    return all;
  }
  const last = first.items.slice(-1);
  const offset = Math.max(0, first.items.length - 1);
  const end = await open.messages.page(READER, streamId, { limit: 1, at, offset });
  const all = [...last];
  for (let cursor = end.prev; cursor !== undefined;) {
    const page = await open.messages.page(READER, streamId, { limit, at, before: cursor });
    all.unshift(...page.items);
    cursor = page.prev;
  }
  return all;
}

describe('reads of one conversation', () => {
  it('are exact at any lag and any seq, page by page in both directions and by offset', async () => {
    const prng = createPrng('exact reads');
    const epoch = await open.log.epoch();
    for (let round = 0; round < 12; round += 1) {
      const { streamId, head } = await lagging(prng, 50);
      for (const at of [head, prng.between(1, head), prng.between(1, head)]) {
        const oracle = new Oracle(streamId, await eventsUpTo(open.log, streamId, at), epoch);
        const expected = oracle.page();
        const limit = prng.between(1, 5);
        expect(await walk(streamId, at, limit, 'next')).toEqual(expected);
        expect(await walk(streamId, at, limit, 'prev')).toEqual(expected);
        const offset = prng.between(0, expected.length + 1);
        const page = await open.messages.page(READER, streamId, { limit, at, offset });
        expect(page.items).toEqual(expected.slice(offset, offset + limit));
        expect(page.next !== undefined).toBe(offset + limit < expected.length);
        const found = await open.conversations.get(READER, streamId, { at });
        expect(found?.conversation).toEqual(oracle.conversation());
        for (const id of oracle.messageIds().filter(() => prng.next() < 0.3)) {
          expect(await open.messages.get(READER, id, { at })).toEqual(oracle.message(id));
        }
      }
    }
  }, 120_000);

  it('fold a tail of more than 1,000 events, with what could be projected in a moment', async () => {
    const prng = createPrng('long tail');
    const { streamId, head } = await lagging(prng, 1_500);
    const oracle = new Oracle(streamId, await eventsUpTo(open.log, streamId, head), await open.log.epoch());
    const page = await open.messages.page(READER, streamId, { limit: 1_000 });
    expect(page.items).toEqual(oracle.page().slice(0, 1_000));
    expect((await open.conversations.get(READER, streamId))?.conversation).toEqual(oracle.conversation());
  }, 60_000);

  it("are nobody else's", async () => {
    const { streamId } = await lagging(createPrng('others'), 5);
    const id = (await open.messages.page(READER, streamId, { limit: 1 })).items[0]?.id ?? streamId;
    for (const other of [
      { tenantId: 'other', userId: 'owner' },
      { tenantId: READER.tenantId, userId: 'other' },
    ]) {
      expect(await open.conversations.get(other, streamId)).toBeNull();
      expect(await open.conversations.state(other, streamId, { limit: 1 })).toBeNull();
      expect(await open.times.seqAt(other, streamId, '2100-01-01T00:00:00Z')).toBeNull();
      expect(await open.conversations.timeline(other, streamId)).toBeNull();
      expect(await open.messages.get(other, id, { conversationId: streamId })).toBeNull();
      await expect(open.messages.page(other, streamId, { limit: 1 })).rejects.toThrow('no conversation');
    }
    expect(await open.conversations.get({ tenantId: READER.tenantId }, streamId)).not.toBeNull();
  });

  it('refuse a position beyond the head, and cursors that are cut, altered or of another list', async () => {
    const { streamId, head } = await longEnough(createPrng('cursors'));
    await expect(open.conversations.get(READER, streamId, { at: head + 1 })).rejects.toThrow('not yet');
    const { next } = await open.messages.page(READER, streamId, { limit: 1 });
    expect(next).toBeDefined();
    const altered = `${next!.startsWith('A') ? 'B' : 'A'}${next!.slice(1)}`;
    const bad = [next!.slice(0, -1), `${next!}A`, altered, 'é', ''];
    for (const after of bad) {
      await expect(open.messages.page(READER, streamId, { limit: 1, after })).rejects.toThrow('the cursor');
    }
    const other = await lagging(createPrng('cursors'), 20);
    await expect(open.messages.page(READER, other.streamId, { limit: 1, after: next })).rejects.toThrow(
      'the cursor',
    );
    await expect(open.conversations.list(READER, { limit: 1, after: next })).rejects.toThrow('the cursor');
  });
});
