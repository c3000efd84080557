import type { Message } from '#contracts';
import { ForkTree, type Branch } from '../../support/fork-tree.js';
import { createPrng } from '../../support/prng.js';
import { Oracle, eventsUpTo } from '../../support/projection-oracle.js';
import { openProjections, READER, type ProjectionFixture } from '../../support/projections.js';
import { standingOf } from '../../support/standing-oracle.js';
import { densityOf, marksOf, type ExpectedMark } from '../../support/timeline-oracle.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

const bySeq = <T extends { seq: number }>(entries: T[]): T[] => entries.toSorted((a, b) => a.seq - b.seq);

async function exported(streamId: string, at: number): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const { segment } of open.exports.parts(READER, streamId, at))
    for await (const message of open.exports.messages(READER, streamId, at, segment)) messages.push(message);
  return messages;
}

/** What others show of the branch on its track: each is marked where it begins. */
const childrenOf = (branch: Branch, { branches }: ForkTree, at: number): ExpectedMark[] =>
  branches.filter(({ parent, seam }) => parent === branch && seam <= at).map(({ seam }) => [seam, 'fork']);

async function expectExact(branch: Branch, tree: ForkTree, at: number): Promise<void> {
  const { streamId, truth } = branch;
  const past = truth.slice(0, at);
  const { writingId: _, ...standing } = standingOf(streamId, past);
  const state = await open.conversations.state(READER, streamId, { at, limit: 1_000 });
  expect(state).toMatchObject(standing);

  const timeline = await open.conversations.timeline(READER, streamId, { at });
  const { marks, totals } = marksOf(past);
  const children = childrenOf(branch, tree, at);
  const all = [...marks, ...children].toSorted(([a], [b]) => a - b);
  expect(timeline!.marks.map(({ seq, kind }) => [seq, kind])).toEqual(all);
  expect(timeline!.totals).toEqual({ ...totals, fork: totals.fork + children.length });
  expect(timeline!.density).toEqual(densityOf(all, at));

  const oracle = new Oracle(streamId, await eventsUpTo(open.log, streamId, at), await open.log.epoch());
  const messages = oracle.messageIds().flatMap((id) => oracle.message(id) ?? []);
  expect(bySeq(await exported(streamId, at))).toEqual(bySeq(messages));
}

describe('across the seams of forks', () => {
  it('what stands, the timeline and the export are those of the events that a conversation shows', async () => {
    const prng = createPrng('moments of forks');
    for (let round = 0; round < 4; round += 1) {
      // whoever is projected, and whoever not, is a matter of luck
      const tree = new ForkTree(open.log, prng, async ({ streamId }) => {
        if (prng.next() < 0.2) await open.runner.project(streamId);
      });
      await tree.root(50);
      for (let n = 0; n < 4; n += 1) {
        const branch = await tree.fork(prng.pick(tree.branches));
        await tree.goOn(branch, 12);
        await tree.goOn(prng.pick(tree.branches), 6);
      }
      for (const branch of tree.branches) {
        const { seam, truth } = branch;
        const ats = [seam, seam + 1, seam + 2, truth.length, prng.between(1, truth.length)];
        for (const at of ats.filter((seq) => seq >= 1 && seq <= truth.length)) {
          await expectExact(branch, tree, at);
        }
      }
    }
  }, 120_000);
});
