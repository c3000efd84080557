import type { EventLog, ReadOptions, RecordedEvent, StreamInfo } from '#event-log';
import { foldEvents, prune, type LoggedEvent } from '#model';
import type { Queryable } from '#platform';
import { createPrng } from '../../../../test/support/prng.js';
import { RandomStory } from '../../../../test/support/random-story.js';
import { evolveFold } from '../folding/evolve.fold.js';
import type { ReadFold, ReadFolds } from './read-folds.js';
import { SeamStates } from './seam-states.js';

const q = { query: async () => [{ suspect: false }] } as unknown as Queryable;

/** A log without snapshots, and how many events each fold got. */
function source(events: LoggedEvent[]) {
  const folded: number[] = [];
  const log = {
    snapshotAt: async () => null,
    async read(_: string, { after = 0, upTo = Infinity, limit = 1_000 }: ReadOptions) {
      const wanted = ({ seq, type }: LoggedEvent) =>
        seq > after && seq <= upTo && type !== 'StreamDeltaReceived';
      return events.filter(wanted).slice(0, limit) as unknown as RecordedEvent[];
    },
  };
  const folds = {
    async fold({ context, events: page }: ReadFold) {
      folded.push(page.length);
      return evolveFold.fold(context as Parameters<typeof evolveFold.fold>[0], page, { unreadable: 'mark' });
    },
  };
  return { folded, seams: new SeamStates(log as unknown as EventLog, folds as unknown as ReadFolds) };
}

describe('what a fork began with', () => {
  it('is the pruned state at its seam, and a long conversation is folded for it a page at a time', async () => {
    const story = new RandomStory(createPrng('seam states'));
    while (story.events.length < 3_000) story.step();
    const { folded, seams } = source(story.events);
    const streamId = '00000000-0000-4000-8000-000000000001';
    const parentId = '00000000-0000-4000-8000-000000000002';
    for (const upTo of [2_999, 2_500, 1, 1_234]) {
      const stream = { streamId, createdAt: `${upTo}`, lineage: [{ streamId: parentId, upTo }] };
      const past = story.events.filter(({ seq, type }) => seq <= upTo && type !== 'StreamDeltaReceived');
      const expected = { ...prune(foldEvents(streamId, past)), seq: upTo };
      expect(await seams.of(q, stream as unknown as StreamInfo)).toEqual(expected);
    }
    expect(Math.max(...folded)).toBe(1_000);
  });
});
