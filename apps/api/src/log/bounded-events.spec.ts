import type { ReadOptions, RecordedEvent } from '#event-log';
import { readBounded } from './bounded-events.js';

const STREAM = 'stream';

/** A log of events with texts of these lengths, that counts what is read at once. */
function logOf(lengths: number[]) {
  const events = lengths.map((length, index): RecordedEvent => {
    const seq = index + 1;
    const data = { text: 'x'.repeat(length) };
    return {
      streamId: STREAM,
      seq,
      eventId: '',
      type: 'Noted',
      schemaVersion: 1,
      at: '',
      data,
      metadata: {},
    };
  });
  const reads: number[] = [];
  const read = async (_: string, options: ReadOptions = {}): Promise<RecordedEvent[]> => {
    const { after = 0, before = Number.POSITIVE_INFINITY, limit = 1_000, direction } = options;
    const found = events.filter(({ seq }) => seq > after && seq < before);
    const page = (direction === 'backward' ? found.toReversed() : found).slice(0, limit);
    reads.push(page.reduce((sum, { data }) => sum + (data as { text: string }).text.length, 0));
    return page;
  };
  return { log: { read }, reads };
}

const seqs = ({ lines }: { lines: { seq: number }[] }) => lines.map(({ seq }) => seq);

describe('a page of events that is bounded in bytes', () => {
  it('is as long as asked where the events are small', async () => {
    const { log } = logOf(Array.from({ length: 700 }, () => 20));
    const page = await readBounded(log, STREAM, { limit: 500 });
    expect(seqs(page)).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
    expect(page.more).toBe(true);
    expect(await readBounded(log, STREAM, { after: 650, limit: 500 })).toMatchObject({ more: false });
  });

  it('ends before it is too large, forward and backward, and the rest follows', async () => {
    const { log, reads } = logOf(Array.from({ length: 200 }, (_, i) => (i % 7 === 0 ? 900 : 100)));
    for (const direction of ['forward', 'backward'] as const) {
      const all: number[] = [];
      let range = {};
      for (;;) {
        const page = await readBounded(log, STREAM, { ...range, direction, limit: 1_000 }, 2_000);
        expect(page.lines.reduce((sum, { json }) => sum + json.length, 0)).toBeLessThanOrEqual(2_000);
        all.push(...seqs(page));
        if (!page.more) break;
        range = direction === 'forward' ? { after: all.at(-1) } : { before: all.at(-1) };
      }
      const expected = Array.from({ length: 200 }, (_, i) => i + 1);
      expect(all).toEqual(direction === 'forward' ? expected : expected.toReversed());
    }
    expect(Math.max(...reads)).toBeLessThan(32 * 900);
  });

  it('holds one event at least, however large that is', async () => {
    const { log } = logOf([10, 50_000, 10]);
    expect(seqs(await readBounded(log, STREAM, { after: 1, limit: 10 }, 1_000))).toEqual([2]);
    expect(await readBounded(log, STREAM, { after: 3, limit: 10 }, 1_000)).toEqual({
      lines: [],
      more: false,
    });
  });
});
