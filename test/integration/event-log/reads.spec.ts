import { randomUUID } from 'node:crypto';
import { delta, event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';
import type { ReadOptions } from '#event-log';
import { rangeOf, readStatement } from '../../../libs/event-log/src/read-statement.js';

let fixture: LogFixture;
const streamId = randomUUID();
beforeAll(async () => {
  fixture = await openEventLog();
  // seqs 1–12: A d d B d d A d d B d d
  const events = ['A', 'd', 'd', 'B', 'd', 'd', 'A', 'd', 'd', 'B', 'd', 'd'].map((type) =>
    type === 'd' ? delta() : event(type),
  );
  await fixture.log.append(unitOf(streamId, 0, events));
  await fixture.log.append(
    unitOf(
      randomUUID(),
      0,
      events.map((one) => ({ ...one, eventId: randomUUID() })),
    ),
  );
});
afterAll(() => fixture.close());

const seqs = async (options: Parameters<typeof fixture.log.read>[1]) =>
  (await fixture.log.read(streamId, options)).map(({ seq }) => seq);

describe('read', () => {
  it('goes forward and backward within its bounds', async () => {
    expect(await seqs({ after: 9 })).toEqual([10, 11, 12]);
    expect(await seqs({ before: 3 })).toEqual([1, 2]);
    expect(await seqs({ upTo: 3 })).toEqual([1, 2, 3]);
    expect(await seqs({ upTo: 8, before: 8, after: 5 })).toEqual([6, 7]);
    expect(await seqs({ limit: 2 })).toEqual([1, 2]);
    expect(await seqs({ direction: 'backward', limit: 2 })).toEqual([12, 11]);
    expect(await seqs({ direction: 'backward', before: 3 })).toEqual([2, 1]);
    expect(await seqs({ after: 12 })).toEqual([]);
  });

  it('reads types, deltas too where they are asked for', async () => {
    expect(await seqs({ types: ['B'] })).toEqual([4, 10]);
    expect(await seqs({ types: ['A', 'B'], direction: 'backward', limit: 3 })).toEqual([10, 7, 4]);
    expect(await seqs({ types: ['A', 'StreamDeltaReceived'], upTo: 3 })).toEqual([1, 2, 3]);
    expect(await seqs({ types: ['A', 'StreamDeltaReceived'], withoutDeltas: true })).toEqual([1, 7]);
    expect(await seqs({ types: [] })).toEqual([]);
  });

  it('leaves deltas out', async () => {
    expect(await seqs({ withoutDeltas: true })).toEqual([1, 4, 7, 10]);
    expect(await seqs({ withoutDeltas: true, after: 4, limit: 1 })).toEqual([7]);
  });

  it('reads in the transaction that it is given', async () => {
    await fixture.database.transaction('REPEATABLE READ', async (q) => {
      expect(await fixture.log.head(streamId, q)).toBe(12);
      const other = randomUUID();
      await fixture.log.append(unitOf(other, 0));
      // committed after this snapshot was taken
      expect(await fixture.log.read(other, {}, q)).toEqual([]);
      expect(await fixture.log.head(other)).toBe(1);
    });
  });

  it('gives the heads of many streams at once, and none for one that is not there', async () => {
    expect(await fixture.log.heads([streamId, randomUUID()])).toEqual(new Map([[streamId, 12]]));
    expect(await fixture.log.head(randomUUID())).toBe(0);
    expect(await fixture.log.info(randomUUID())).toBeNull();
    expect(await fixture.log.entity(randomUUID())).toBeNull();
  });
});

/** Names of the indexes in the plan that a prepared statement settles on. */
async function indexesOf(options: ReadOptions): Promise<string[]> {
  const range = rangeOf(options);
  const { text, values } = readStatement({ streamId, low: range.after, high: range.last }, range);
  return fixture.database.transaction('READ COMMITTED', async (q) => {
    await q.query('set local plan_cache_mode = force_generic_plan');
    await q.query(
      `prepare reading (uuid, bigint, bigint, bigint${values.length > 4 ? ', text[]' : ''}) as ${text}`,
    );
    const literals = values.map((value) =>
      Array.isArray(value) ? `array['${value.join("','")}']` : `'${value}'`,
    );
    const [row] = await q.query<{ 'QUERY PLAN': unknown }>(
      `explain (format json) execute reading (${literals.join(', ')})`,
    );
    await q.query('deallocate reading');
    return [...JSON.stringify(row).matchAll(/"Index Name":"([^"]+)"/g)].map(([, name]) => name!);
  });
}

describe('the plan of a read', () => {
  beforeAll(async () => {
    // enough rows that the planner has a choice, most of them deltas
    await fixture.log.append(
      unitOf(
        streamId,
        12,
        Array.from({ length: 3_000 }, () => delta()),
      ),
    );
    await fixture.database.query('analyze events');
  });

  it.each([
    { withoutDeltas: true },
    { withoutDeltas: true, direction: 'backward' as const },
    { types: ['B'] },
  ])('without deltas uses the partial index: %j', async (options) => {
    const indexes = await indexesOf(options);
    expect(indexes).toHaveLength(1);
    expect(indexes[0]).toMatch(/^events_\d\d_stream_id_seq_idx$/);
  });

  it.each([{}, { direction: 'backward' as const }])(
    'with deltas uses the primary key: %j',
    async (options) => {
      const indexes = await indexesOf(options);
      expect(indexes).toHaveLength(1);
      expect(indexes[0]).toMatch(/^events_\d\d_pkey$/);
    },
  );
});
