import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Logger } from '@nestjs/common';
import { deltaEventType, type LoggedEvent } from '#model';
import { projectRoot } from '#platform';
import { FoldThreads } from '../../../libs/projections/src/folding/fold-threads.js';
import { chatter } from '../../support/chatty-story.js';
import { createPrng } from '../../support/prng.js';
import { eventsUpTo, Oracle } from '../../support/projection-oracle.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  READER,
  withOwnIds,
  type ProjectionFixture,
  type ProjectionProcess,
} from '../../support/projections.js';
import { RandomStory } from '../../support/random-story.js';
import { standingOf } from '../../support/standing-oracle.js';
import { marksOf } from '../../support/timeline-oracle.js';
import { verifyingOn } from '../../support/verifying.js';

const foldsUrl = pathToFileURL(join(projectRoot(), 'test/support/poison-folds.mjs')).href;
const prng = createPrng('parked reads');

let open: ProjectionFixture;
/** A process whose code can fold what the other one cannot. */
let reader: ProjectionProcess;
beforeAll(async () => {
  // each failed fold is a warning
  Logger.overrideLogger(false);
  open = await openProjections(new FoldThreads({ foldsUrl, deadlineMs: 300 }));
  reader = await open.another(new FoldThreads());
});
afterAll(() => open?.close());

/** A random conversation that is parked in the middle, in one of its projections. */
async function parkedIn(
  fold: string,
): Promise<{ streamId: string; events: LoggedEvent[]; parkedAt: number }> {
  const streamId = newStreamId();
  const story = new RandomStory(prng);
  chatter(prng, story, 40);
  story.tryToDo({ type: 'restoreConversation' });
  story.do({ type: 'renameConversation', title: `poison throw ${fold}` });
  const parkedAt = story.state.seq;
  chatter(prng, story, 40);
  await appendLogged(open.log, streamId, withOwnIds(story.events, streamId));
  while ((await open.runner.project(streamId)) !== 'parked');
  const events = await eventsUpTo(open.log, streamId, story.events.length);
  return { streamId, events, parkedAt };
}

describe.each(['conversations', 'messages', 'moments'])('a stream that is parked in the %s', (fold) => {
  it('is read exactly at every seq: the list, the conversation, its messages, its state and its timeline', async () => {
    const { streamId, events, parkedAt } = await parkedIn(fold);
    const epoch = await open.log.epoch();
    const seqs = [1, parkedAt - 1, parkedAt, parkedAt + 1, events.length];
    for (const at of [...seqs, ...Array.from({ length: 10 }, () => prng.between(1, events.length))]) {
      const sofar = events.slice(0, at);
      const oracle = new Oracle(streamId, sofar, epoch);
      const found = await reader.conversations.get(READER, streamId, { at });
      expect({ at, conversation: found?.conversation }).toEqual({ at, conversation: oracle.conversation() });
      const state = await reader.conversations.state(READER, streamId, { at, limit: 1_000 });
      const { writingId: _, turn, openToolCalls, usage } = standingOf(streamId, sofar);
      expect({ at, messages: state?.messages }).toEqual({ at, messages: oracle.page() });
      expect(state).toMatchObject({ seq: at, ...(turn && { turn }), openToolCalls, usage, markers: [] });
      const timeline = await reader.conversations.timeline(READER, streamId, { at });
      const { marks, totals } = marksOf(sofar);
      expect(timeline?.marks.map(({ seq, kind }) => [seq, kind])).toEqual(marks);
      expect(timeline?.totals).toEqual(totals);
    }
    const { items } = await reader.conversations.list(READER, { limit: 1, includeTrashed: true });
    // deltas change nothing that a list shows, so its seq is the last other event's
    const last = events.findLast(({ type }) => type !== deltaEventType)!.seq;
    const listed = new Oracle(streamId, events.slice(0, last), epoch).conversation();
    expect(items).toEqual([{ ...listed, seq: expect.any(Number) }]);
    expect(items[0]!.seq).toBeGreaterThanOrEqual(last);
  }, 60_000);

  it('verifies: its rows are the fold up to where it stands, and it is told of', async () => {
    const { streamId, parkedAt } = await parkedIn(fold);
    const verifying = verifyingOn(reader);
    const { findings, report } = await verifying.verify({ streamId });
    await verifying.close();
    const detail = `parked before event ${parkedAt}`;
    expect(findings).toMatchObject([{ kind: 'parked', projection: fold, detail, differences: [] }]);
    expect(report.clean).toBe(true);
  }, 60_000);
});
