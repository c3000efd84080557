import { randomUUID } from 'node:crypto';
import type { Conversation, Message } from '#contracts';
import type { DomainEvent } from '#model';
import { ForkTree, type Branch } from '../../support/fork-tree.js';
import { createPrng, type Prng } from '../../support/prng.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import { openProjections, READER, type ProjectionFixture } from '../../support/projections.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

const post = (messageId: string, parentId: string | null): DomainEvent => ({
  type: 'MessagePosted',
  data: { messageId, parentId, role: 'user', content: [{ type: 'text', text: messageId }] },
});
const select = (leafId: string): DomainEvent => ({ type: 'BranchSelected', data: { leafId } });

/** A tree of forks of forks, whose parents go on; each conversation's rows stand wherever they happen to. */
async function plant(prng: Prng, projects: number): Promise<ForkTree> {
  const tree = new ForkTree(open.log, prng, async ({ streamId }) => {
    if (prng.next() < projects) expect(await open.runner.project(streamId)).toBe('current');
  });
  await tree.root(40);
  for (let i = 0; i < 4; i += 1) {
    const parent = prng.pick(tree.branches);
    const child = await tree.fork(parent);
    await tree.goOn(child, 15);
    await tree.goOn(parent, 10);
  }
  return tree;
}

async function oracleAt({ streamId }: Branch, at: number): Promise<Oracle> {
  return new Oracle(streamId, await eventsUpTo(open.log, streamId, at), await open.log.epoch());
}

async function expectExact(prng: Prng, branch: Branch, at: number): Promise<void> {
  const { streamId, seam } = branch;
  const oracle = await oracleAt(branch, at);
  const page = await open.messages.page(READER, streamId, { limit: 1_000, at });
  expect({ seam, at, items: page.items }).toEqual({ seam, at, items: oracle.page() });
  const found = await open.conversations.get(READER, streamId, { at });
  expect({ seam, at, conversation: found?.conversation }).toEqual({
    seam,
    at,
    conversation: oracle.conversation(),
  });
  for (const id of oracle.messageIds().filter(() => prng.next() < 0.2)) {
    const message = await open.messages.get(READER, id, { conversationId: streamId, at });
    expect({ seam, at, message }).toEqual({ seam, at, message: oracle.message(id) });
  }
}

async function walk(streamId: string, limit: number): Promise<{ forth: Message[]; back: Message[] }> {
  const forth: Message[] = [];
  for (let after: string | undefined; ;) {
    const page = await open.messages.page(READER, streamId, { limit, after });
    forth.push(...page.items);
    after = page.next;
    if (after === undefined) break;
  }
  const last = await open.messages.page(READER, streamId, {
    limit: 1,
    offset: Math.max(0, forth.length - 1),
  });
  const back = [...last.items];
  for (let before = last.prev; before !== undefined;) {
    const page = await open.messages.page(READER, streamId, { limit, before });
    back.unshift(...page.items);
    before = page.prev;
  }
  return { forth, back };
}

describe('the reads of forks', () => {
  it.each([
    ['with no projection running', 0],
    ['with rows that lag', 0.2],
    ['with rows that are up to date', 1],
  ])(
    'are the fold of inherited and own events at every seq, %s',
    async (_, projects) => {
      const prng = createPrng(`forks ${projects}`);
      for (let round = 0; round < 4; round += 1) {
        const tree = await plant(prng, projects);
        for (const branch of tree.branches) {
          const head = branch.truth.length;
          const events = await eventsUpTo(open.log, branch.streamId, head);
          expect(events.map(({ seq, type, data }) => [seq, type, data])).toEqual(
            branch.truth.map(({ type, data }, index) => [index + 1, type, data]),
          );
          const seqs = [head, branch.seam, branch.seam + 1, branch.seam + 2].filter((at) => at > 0);
          for (let i = 0; i < 8; i += 1) seqs.push(prng.between(1, head));
          for (const at of seqs.filter((at) => at <= head)) await expectExact(prng, branch, at);
          const { forth, back } = await walk(branch.streamId, prng.between(1, 4));
          const expected = (await oracleAt(branch, head)).page();
          expect(forth).toEqual(expected);
          expect(back).toEqual(expected);
        }
      }
    },
    180_000,
  );

  it('are those of the parent up to the seam, but for the ids of the conversation itself', async () => {
    const prng = createPrng('up to the seam');
    const tree = await plant(prng, 0.5);
    for (const { streamId, parent, seam } of tree.branches) {
      if (!parent) continue;
      for (let at = 1; at <= seam; at += prng.between(1, 3)) {
        const of = async (id: string) => ({
          conversation: (await open.conversations.get(READER, id, { at }))?.conversation,
          messages: (await open.messages.page(READER, id, { limit: 1_000, at })).items,
          state: await open.conversations.state(READER, id, { at, limit: 1_000 }),
        });
        const mine = JSON.stringify(await of(streamId)).replaceAll(streamId, parent.streamId);
        expect(JSON.parse(mine)).toEqual(await of(parent.streamId));
      }
    }
  }, 120_000);

  it('list every fork as it is, projected or not', async () => {
    const prng = createPrng('lists of forks');
    const tree = await plant(prng, 0.3);
    const expected = new Map<string, Conversation>();
    for (const branch of tree.branches) {
      const oracle = await oracleAt(branch, branch.truth.length);
      expected.set(branch.streamId, oracle.conversation());
    }
    const { items } = await open.conversations.list(READER, { limit: 1_000, includeTrashed: true });
    const listed = new Map(items.map((item) => [item.id, item]));
    // a list is exact but for deltas, which change no entry: its seq may be before them
    for (const [id, conversation] of expected)
      expect({ ...listed.get(id), seq: 0 }).toEqual({ ...conversation, seq: 0 });
    for (const { streamId } of tree.branches) {
      const children = tree.branches.filter(({ parent }) => parent?.streamId === streamId);
      const request = { limit: 1_000, includeTrashed: true, forkedFrom: streamId };
      const forks = (await open.conversations.list(READER, request)).items.map(({ id }) => id);
      expect(forks).toHaveLength(children.length);
      expect(new Set(forks)).toEqual(new Set(children.map((child) => child.streamId)));
      const logged = await open.log.forks(streamId);
      expect(new Map(logged.map((fork) => [fork.streamId, fork.at]))).toEqual(
        new Map(children.map((child) => [child.streamId, child.seam])),
      );
    }
  }, 60_000);

  it('leave the rows of the parent as they are, and write whole rows of what the fork changes', async () => {
    const prng = createPrng('no row copied');
    const tree = new ForkTree(open.log, prng, ({ streamId }) => open.runner.project(streamId));
    const root = await tree.root(60);
    const rowsOf = (id: string) =>
      open.database.query('select * from messages where conversation_id = $1 order by id, valid_from', [id]);
    const before = await rowsOf(root.streamId);
    const child = await tree.fork(root, root.truth.length);
    const inherited = (await rowsOf(child.streamId)).length;
    expect(inherited).toBeLessThanOrEqual(2);
    await tree.goOn(child, 40);
    expect(await rowsOf(root.streamId)).toEqual(before);
    expect((await rowsOf(child.streamId)).length).toBeGreaterThan(inherited);
  }, 60_000);

  it('do not mistake a branch that begins at the same seq in parent and fork', async () => {
    const tree = new ForkTree(open.log, createPrng('same seqs'), ({ streamId }) =>
      open.runner.project(streamId),
    );
    const root = await tree.root(0);
    const [first, second] = [randomUUID(), randomUUID()];
    await tree.add(root, post(first, null), post(second, first));
    const child = await tree.fork(root);
    const at = root.truth.length;
    const [there, here, more] = [randomUUID(), randomUUID(), randomUUID()];
    // both begin a segment at at + 2, one below the first message, one beside it
    await tree.add(root, { type: 'ConversationArchived', data: {} }, post(there, first), select(there));
    await tree.add(child, post(here, null), select(here));
    await tree.add(child, post(more, here));
    await tree.add(root, post(randomUUID(), there));
    for (const branch of [root, child])
      for (let seq = at; seq <= branch.truth.length; seq += 1)
        await expectExact(createPrng('every message'), branch, seq);
    const shown = async ({ streamId }: Branch) =>
      (await open.messages.page(READER, streamId, { limit: 10 })).items.map(({ id }) => id);
    expect(await shown(child)).toEqual([here, more]);
    expect((await shown(root)).slice(0, 2)).toEqual([first, there]);
  });
});
