import {
  appendLogged,
  newStreamId,
  openProjections,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { Story } from '../../support/story.js';

let open: ProjectionFixture;
beforeAll(async () => void (open = await openProjections()));
afterAll(() => open?.close());

const DELTAS = 200;

/** A turn whose answer has begun, and the deltas that are still to come. */
function answerBegun() {
  const story = new Story().start();
  story.turn('Write.');
  story.begin();
  const begun = story.events.length;
  story.deltas(
    { type: 'message_start', message: { content: [] } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...Array.from({ length: DELTAS }, (_, n) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: ` word ${n}` },
    })),
  );
  const streamId = newStreamId();
  const events = withOwnIds(story.events, streamId);
  return { streamId, events: events.slice(0, begun), deltas: events.slice(begun) };
}

it('ends while an answer streams: deltas that no row needs yet hold no slot', async () => {
  const { streamId, events, deltas } = answerBegun();
  await appendLogged(open.log, streamId, events);
  const coming = [...deltas];
  const read = open.log.read.bind(open.log);
  // one more is committed during every batch: the stream is never at its end
  const reads = jest.spyOn(open.log, 'read').mockImplementation(async (...request) => {
    const batch = await read(...request);
    await appendLogged(open.log, streamId, coming.splice(0, 1));
    return batch;
  });
  try {
    expect(await open.runner.project(streamId)).toBe('current');
  } finally {
    reads.mockRestore();
  }
  expect(coming.length).toBeGreaterThan(DELTAS / 2);
  const checkpoints = await open.database.query<{ seq: number }>(
    'select seq from projection_checkpoints where stream_id = $1',
    [streamId],
  );
  expect(checkpoints.length).toBeGreaterThan(0);
  // whatever is no delta is in the rows
  for (const { seq } of checkpoints) expect(seq).toBeGreaterThanOrEqual(events.length);
  expect(await open.log.pending(10)).toEqual([]);
});
