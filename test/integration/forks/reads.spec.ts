import { randomUUID } from 'node:crypto';
import { lineageAt, type EventLog, type ReadOptions, type RecordedEvent } from '#event-log';
import { delta, event, openEventLog, TENANT, unitOf, type LogFixture } from '../../support/event-log.js';
import { createPrng, type Prng } from '../../support/prng.js';

let fixture: LogFixture;
let log: EventLog;
beforeAll(async () => {
  fixture = await openEventLog();
  ({ log } = fixture);
});
afterAll(() => fixture.close());

/** What of an event is the same in every stream that reads it. */
const bare = (found: RecordedEvent): object => ({ ...found, streamId: '' });
const TYPES = ['A', 'B', 'StreamDeltaReceived'];
const events = (prng: Prng, count: number) =>
  Array.from({ length: count }, () => {
    const type = prng.pick(TYPES);
    return type === 'StreamDeltaReceived' ? delta() : event(type, { n: prng.next() });
  });

async function forkOf(parentId: string, at: number, own = [event('Forked')]): Promise<string> {
  const streamId = randomUUID();
  const lineage = lineageAt((await log.info(parentId))!, at);
  const create = { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const };
  const part = { streamId, tenantId: TENANT, expectedSeq: at, events: own };
  await log.append({ appends: [{ ...part, create: { ...create, fork: { parentId, lineage } } }] });
  return streamId;
}

/** What a read must give, from all events of the stream. */
function chosen(all: RecordedEvent[], options: ReadOptions): number[] {
  const {
    after = 0,
    before = Infinity,
    upTo = Infinity,
    types,
    withoutDeltas,
    direction,
    limit = 1_000,
  } = options;
  const seqs = all
    .filter(({ seq, type }) => seq > after && seq < before && seq <= upTo && (types?.includes(type) ?? true))
    .filter(({ type }) => !withoutDeltas || type !== 'StreamDeltaReceived')
    .map(({ seq }) => seq);
  return (direction === 'backward' ? seqs.toReversed() : seqs).slice(0, limit);
}

const random = (prng: Prng, head: number): ReadOptions => ({
  ...(prng.next() < 0.6 && { after: prng.between(0, head) }),
  ...(prng.next() < 0.4 && { before: prng.between(1, head + 1) }),
  ...(prng.next() < 0.3 && { upTo: prng.between(1, head + 3) }),
  ...(prng.next() < 0.5 && { limit: prng.between(1, 20) }),
  ...(prng.next() < 0.5 && { direction: 'backward' as const }),
  ...(prng.next() < 0.3 && { withoutDeltas: true }),
  ...(prng.next() < 0.3 && { types: [prng.pick(TYPES)] }),
});

describe('the snapshot at a seq of a forked stream', () => {
  it('is its own, else the nearest of what it inherited, and never a later one', async () => {
    const keep = (streamId: string, seq: number) =>
      log.saveSnapshot({ streamId, seq, reducerVersion: 1, state: `${streamId} ${seq}` });
    const root = randomUUID();
    await log.append(unitOf(root, 0, [event(), event(), event(), event(), event(), event()]));
    const child = await forkOf(root, 5);
    const grandchild = await forkOf(child, 6, [event(), event()]);
    const stream = (await log.info(grandchild))!;
    const at = async (seq: number) => (await log.snapshotAt(stream, 1, seq))?.state;
    expect(await at(8)).toBeUndefined();
    await keep(root, 3);
    expect([await at(2), await at(3), await at(8)]).toEqual([undefined, `${root} 3`, `${root} 3`]);
    await keep(child, 6);
    expect([await at(5), await at(6), await at(8)]).toEqual([`${root} 3`, `${child} 6`, `${child} 6`]);
    // beyond the seam: what came to the ancestor later is not the fork's
    await keep(root, 6);
    expect([await at(5), await at(6)]).toEqual([undefined, `${child} 6`]);
    const early = await forkOf(root, 2, [event(), event(), event(), event()]);
    expect(await log.snapshotAt((await log.info(early))!, 1, 6)).toBeNull();
    await keep(grandchild, 8);
    expect([await at(7), await at(8)]).toEqual([`${child} 6`, `${grandchild} 8`]);
  });
});

describe('reads of a forked stream', () => {
  it('give inherited and own events as those of one stream, whatever is asked for', async () => {
    const prng = createPrng('reads across seams');
    const root = randomUUID();
    await log.append(unitOf(root, 0, events(prng, 30)));
    const streams: { id: string; head: number }[] = [{ id: root, head: 30 }];
    for (let i = 0; i < 12; i += 1) {
      const parent = prng.pick(streams);
      const at = prng.between(1, parent.head);
      const own = events(prng, prng.between(1, 12));
      streams.push({ id: await forkOf(parent.id, at, own), head: at + own.length });
      const more = events(prng, 3);
      await log.append(unitOf(parent.id, parent.head, more));
      parent.head += 3;
    }
    for (const { id, head } of streams) {
      const all = await log.read(id);
      expect(all.map(({ seq }) => seq)).toEqual(Array.from({ length: head }, (_, i) => i + 1));
      expect(all.every(({ streamId }) => streamId === id)).toBe(true);
      expect(await log.head(id)).toBe(head);
      for (let i = 0; i < 40; i += 1) {
        const options = random(prng, head);
        const found = (await log.read(id, options)).map(({ seq }) => seq);
        expect({ options, found }).toEqual({ options, found: chosen(all, options) });
      }
    }
  }, 60_000);

  it('are the parent’s bytes up to the seam, and nothing of what the parent does later', async () => {
    const root = randomUUID();
    await log.append(unitOf(root, 0, [event('A'), event('B'), event('C')]));
    const child = await forkOf(root, 2);
    await log.append(unitOf(root, 3, [event('D')]));
    expect((await log.read(child, { upTo: 2 })).map(bare)).toEqual(
      (await log.read(root, { upTo: 2 })).map(bare),
    );
    expect((await log.read(child)).map(({ type }) => type)).toEqual(['A', 'B', 'Forked']);
    expect(await log.info(child)).toMatchObject({ firstSeq: 3, lineage: [{ streamId: root, upTo: 2 }] });
    expect(await log.info(root)).toMatchObject({ firstSeq: 1, lineage: [] });
    expect(await log.forks(root)).toEqual([
      { streamId: child, at: 2, createdAt: expect.any(String), count: 1 },
    ]);
    const { rows } = await fixture.database.run({
      text: 'select count(*)::int as n from events where stream_id = $1',
      values: [child],
    });
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('name forks that are evenly spread where there are many, and count all', async () => {
    const root = randomUUID();
    await log.append(unitOf(root, 0, [event('A'), event('B'), event('C'), event('D')]));
    const seams = [1, 1, 1, 2, 3, 3, 3, 3];
    for (const at of seams) await forkOf(root, at);
    const forks = async (range: object) => (await log.forks(root, range)).map(({ at, count }) => [at, count]);
    expect(await forks({})).toEqual(seams.map((at) => [at, 1]));
    expect(await forks({ limit: 3 })).toEqual([
      [1, 3],
      [3, 3],
      [3, 2],
    ]);
    expect(await forks({ upTo: 2, limit: 2 })).toEqual([
      [1, 2],
      [2, 2],
    ]);
    expect(await forks({ limit: 0 })).toEqual([]);
    expect(await log.forkCounts(root, [1, 2, 3, 4])).toEqual([3, 1, 4, 0]);
    expect(await log.forkCounts(root, [2])).toEqual([4]);
    expect(await log.forkCounts(root, [])).toEqual([]);
  });

  it('cross a hundred seams', async () => {
    let id: string = randomUUID();
    await log.append(unitOf(id, 0, [event('A')]));
    for (let depth = 1; depth <= 100; depth += 1) id = await forkOf(id, depth, [event(`F${depth}`)]);
    expect((await log.info(id))?.lineage).toHaveLength(100);
    const names = ['A', ...Array.from({ length: 100 }, (_, i) => `F${i + 1}`)];
    expect((await log.read(id)).map(({ type }) => type)).toEqual(names);
    expect((await log.read(id, { direction: 'backward', limit: 7 })).map(({ seq }) => seq)).toEqual([
      101, 100, 99, 98, 97, 96, 95,
    ]);
    expect((await log.read(id, { types: ['F3', 'F50'] })).map(({ seq }) => seq)).toEqual([4, 51]);
  }, 60_000);
});

describe('the first unit of a fork', () => {
  it('is refused where the parent has not come to the seam, and leaves nothing', async () => {
    const root = randomUUID();
    await log.append(unitOf(root, 0, [event('A')]));
    await expect(forkOf(root, 2)).rejects.toThrow();
    expect(await log.forks(root)).toEqual([]);
  });

  it('is refused where its lineage does not end at the seam', async () => {
    const [root, child] = [randomUUID(), randomUUID()];
    await log.append(unitOf(root, 0, [event('A'), event('B')]));
    const fork = { parentId: root, lineage: [{ streamId: root, upTo: 2 }] };
    const create = { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const, fork };
    const part = { streamId: child, tenantId: TENANT, expectedSeq: 1, events: [event('Forked')], create };
    await expect(log.append({ appends: [part] })).rejects.toThrow('a fork where its lineage ends');
    expect(await log.info(child)).toBeNull();
  });

  it('is never recorded before what it goes on from, though the clock was set back', async () => {
    const root = randomUUID();
    await log.append(unitOf(root, 0, [event('A')]));
    const future = '2999-01-01T00:00:00.000Z';
    await fixture.database.query(
      `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
       values ($1, 2, gen_random_uuid(), $2, 1, 'Late', '{}', '{}')`,
      [root, future],
    );
    const child = await forkOf(root, 2);
    expect((await log.read(child)).map(({ at }) => at).slice(1)).toEqual([future, future]);
  });
});
