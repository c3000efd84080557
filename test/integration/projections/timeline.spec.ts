import type { MarkKind } from '#projections';
import { chattyStory } from '../../support/chatty-story.js';
import { createPrng } from '../../support/prng.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  READER,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { densityOf, marksOf, sum } from '../../support/timeline-oracle.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

describe('the timeline of a conversation', () => {
  it('at any seq has every mark of the events up to it, wherever the projection stands', async () => {
    const prng = createPrng('timeline');
    for (let round = 0; round < 6; round += 1) {
      const streamId = newStreamId();
      const events = withOwnIds(chattyStory(prng, 80), streamId);
      for (const event of events.filter(({ type }) => type === 'TurnCompleted' && prng.next() < 0.5))
        Object.assign(event.data as object, { projectId: streamId, projectSeq: 3, projectVersion: 2 });
      const checkpoint = prng.between(0, events.length);
      await appendLogged(open.log, streamId, events.slice(0, checkpoint));
      await open.runner.project(streamId);
      await appendLogged(open.log, streamId, events.slice(checkpoint));
      for (const at of [events.length, prng.between(1, events.length), 1]) {
        const timeline = await open.conversations.timeline(READER, streamId, { at });
        const { marks, totals } = marksOf(events.slice(0, at));
        expect(timeline!.marks.map(({ seq, kind }) => [seq, kind])).toEqual(marks);
        expect(timeline!.marks.every(({ count }) => count === 1)).toBe(true);
        expect(timeline!.totals).toEqual(totals);
        expect(timeline!.seq).toBe(at);
        expect(timeline!.density).toEqual(densityOf(marks, timeline!.seq));
      }
    }
  }, 60_000);

  it('of a long log has 2,000 marks, that stand for all of them', async () => {
    const prng = createPrng('long timeline');
    const streamId = newStreamId();
    const events = withOwnIds(chattyStory(prng, 9_000), streamId);
    const { totals, marks } = marksOf(events);
    for (let at = 0; at < events.length; at += 2_000)
      await appendLogged(open.log, streamId, events.slice(at, at + 2_000));
    await open.runner.project(streamId);
    const timeline = await open.conversations.timeline(READER, streamId);
    expect(sum(Object.values(totals))).toBeGreaterThan(2_000);
    expect(timeline!.marks).toHaveLength(2_000);
    expect(timeline!.totals).toEqual(totals);
    const all = new Map(marks);
    expect(timeline!.marks.every(({ seq, kind }) => all.get(seq) === kind)).toBe(true);
    for (const kind of Object.keys(totals) as MarkKind[]) {
      const shown = timeline!.marks.filter((mark) => mark.kind === kind);
      expect(sum(shown.map(({ count }) => count))).toBe(totals[kind]);
    }
    expect(timeline!.density).toEqual(densityOf(marks, timeline!.seq));
  }, 120_000);
});
