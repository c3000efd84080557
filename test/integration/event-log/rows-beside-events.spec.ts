import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { delta, event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());

const pendingRow = async (streamId: string) => {
  const rows = await fixture.log.pending(1_000);
  return rows.find((row) => row.streamId === streamId);
};

describe('pending', () => {
  it('is moved by the last event that is no delta, keeps its time, and is left alone by deltas', async () => {
    const { log } = fixture;
    const streamId = randomUUID();
    await log.append(unitOf(streamId, 0, [event(), event(), delta()]));
    const first = await pendingRow(streamId);
    expect(first).toMatchObject({ tenantId: 'tenant', seq: 2 });
    await log.append(unitOf(streamId, 3, [delta(), delta()]));
    expect(await pendingRow(streamId)).toMatchObject({ seq: 2 });
    await log.append(unitOf(streamId, 5, [event()]));
    expect(await pendingRow(streamId)).toMatchObject({ seq: 6, since: first!.since });
    await fixture.database.query('delete from pending where stream_id = $1', [streamId]);
    await log.append(unitOf(streamId, 6, [delta()]));
    expect(await pendingRow(streamId)).toBeUndefined();
  });

  it('is listed oldest first', async () => {
    for (let n = 0; n < 3; n++) await fixture.log.append(unitOf(randomUUID(), 0));
    const rows = await fixture.log.pending(1_000);
    const times = rows.map(({ since }) => since);
    expect(times).toEqual(times.toSorted());
    expect(await fixture.log.pending(2)).toHaveLength(2);
    expect(rows.every(({ ageMs }) => ageMs >= 0)).toBe(true);
  });
});

describe('a snapshot', () => {
  it('never goes back, one a reducer version', async () => {
    const { log } = fixture;
    const streamId = randomUUID();
    const at = (seq: number, reducerVersion = 1) => ({
      streamId,
      seq,
      reducerVersion,
      state: { seq, reducerVersion },
    });
    await log.append(unitOf(streamId, 0, [event()], { snapshot: at(1) }));
    await log.append(unitOf(streamId, 1, [event()], { snapshot: at(2) }));
    await log.saveSnapshot(at(1));
    expect(await log.snapshot(streamId, 1)).toEqual({ seq: 2, state: { seq: 2, reducerVersion: 1 } });
    await log.saveSnapshot(at(1, 2));
    expect(await log.snapshot(streamId, 2)).toEqual({ seq: 1, state: { seq: 1, reducerVersion: 2 } });
    expect(await log.snapshot(streamId, 3)).toBeNull();
  });

  it('of several units in one flush is the last one', async () => {
    const { log } = fixture;
    const streamId = randomUUID();
    await Promise.all(
      [0, 1, 2, 3].map((head) =>
        log.append(
          unitOf(streamId, head, [event()], {
            snapshot: { streamId, seq: head + 1, reducerVersion: 1, state: head },
          }),
        ),
      ),
    );
    expect(await log.snapshot(streamId, 1)).toEqual({ seq: 4, state: 3 });
  });
});

describe('onCommitted', () => {
  it('tells this process what it committed, after the commit, whatever another listener does', async () => {
    const { log } = fixture;
    const streamId = randomUUID();
    const heard: unknown[] = [];
    const heads: Promise<number>[] = [];
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const stopBad = log.onCommitted(() => {
      throw new Error('a listener that always fails');
    });
    const stop = log.onCommitted((id, seq, hasNonDeltas) => {
      if (id !== streamId) return;
      heard.push([seq, hasNonDeltas]);
      heads.push(log.head(streamId));
    });
    // Each head is awaited before the next append: asked on another connection, it could see that one too.
    await log.append(unitOf(streamId, 0, [event(), delta()]));
    expect(await Promise.all(heads)).toEqual([2]);
    await log.append(unitOf(streamId, 2, [delta()]));
    expect(await Promise.all(heads)).toEqual([2, 3]);
    stop();
    stopBad();
    await log.append(unitOf(streamId, 3, [delta()]));
    expect(heard).toEqual([
      [2, true],
      [3, false],
    ]);
    expect(logged).toHaveBeenCalledTimes(2);
    logged.mockRestore();
  });
});
