import { randomUUID } from 'node:crypto';
import { WrongExpectedVersion } from '#event-log';
import { delta, event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());

describe('append', () => {
  it('numbers the events of a stream from 1 and reads them back as they came', async () => {
    const { log } = fixture;
    const streamId = randomUUID();
    const first = event('A', { n: 1 }, { userId: 'u' });
    const outcome = await log.append(unitOf(streamId, 0, [first, delta()]));
    await log.append(unitOf(streamId, 2, [event('B')]));

    const events = await log.read(streamId);
    expect(events.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'A'],
      [2, 'StreamDeltaReceived'],
      [3, 'B'],
    ]);
    expect(events[0]).toEqual({
      ...first,
      streamId,
      seq: 1,
      at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
    });
    expect(outcome).toEqual({
      status: 'committed',
      positions: [{ streamId, seqFrom: 1, seqTo: 2, at: events[0]!.at }],
    });
    expect(await log.head(streamId)).toBe(3);
    expect(await log.info(streamId)).toMatchObject({
      streamId,
      tenantId: 'tenant',
      ownerId: 'owner',
      firstSeq: 1,
    });
  });

  it('refuses a head that is not the expected one, below and above, and writes nothing', async () => {
    const { log } = fixture;
    const streamId = randomUUID();
    await log.append(unitOf(streamId, 0, [event(), event()]));
    await expect(log.append(unitOf(streamId, 1))).rejects.toBeInstanceOf(WrongExpectedVersion);
    await expect(log.append(unitOf(streamId, 5))).rejects.toBeInstanceOf(WrongExpectedVersion);
    await expect(log.append(unitOf(streamId, 0))).rejects.toBeInstanceOf(WrongExpectedVersion);
    expect(await log.head(streamId)).toBe(2);
  });

  it('refuses to append to a stream that nobody made', async () => {
    const unit = unitOf(randomUUID(), 0);
    unit.appends[0]!.create = undefined;
    await expect(fixture.log.append(unit)).rejects.toBeInstanceOf(WrongExpectedVersion);
  });
});
