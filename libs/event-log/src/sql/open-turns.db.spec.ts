import { setTimeout as pause } from 'node:timers/promises';
import {
  event,
  openEventLog,
  openTurnOf,
  unitOf,
  type LogFixture,
} from '../../../../test/support/event-log.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.database.query('delete from turns'));

const unowned = async () => (await fixture.log.unownedTurns(100)).map(({ turnId }) => turnId);
const expired = async () => (await fixture.log.expiredTurns(100)).map(({ turnId }) => turnId);

describe('open_turns', () => {
  it('a turn nobody claimed, or whose lease ran out before it was started, is unowned', async () => {
    const turn = await openTurnOf(fixture.log);
    expect(await unowned()).toEqual([turn.turnId]);
    await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 50 });
    expect(await unowned()).toEqual([]);
    await pause(100);
    expect(await unowned()).toEqual([turn.turnId]);
    expect(await expired()).toEqual([]);
  });

  it('a started turn whose lease ran out is expired, never unowned', async () => {
    const turn = await openTurnOf(fixture.log);
    await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 50 });
    await fixture.log.append(unitOf(turn.streamId, 1, [event('TurnStarted')]));
    expect(await expired()).toEqual([]);
    await pause(100);
    expect(await expired()).toEqual([turn.turnId]);
    expect(await unowned()).toEqual([]);
    const [started] = await fixture.log.read(turn.streamId, { types: ['TurnStarted'] });
    expect(await fixture.log.turnRow(turn.streamId)).toMatchObject({
      startedAt: started!.at,
      leaseRuns: false,
    });
  });

  it('an earlier turn of the conversation does not make this one started', async () => {
    const earlier = await openTurnOf(fixture.log);
    const { streamId } = earlier;
    const end = { closeTurn: earlier };
    await fixture.log.append(unitOf(streamId, 1, [event('TurnStarted'), event('TurnCompleted')], end));
    expect(await fixture.log.turnRow(streamId)).toBeNull();
    const turn = await openTurnOf(fixture.log, streamId, 3);
    expect(await unowned()).toEqual([turn.turnId]);
    expect(await fixture.log.turnRow(streamId)).toMatchObject({
      turnId: turn.turnId,
      startedAt: null,
      owner: null,
      attempts: 0,
    });
  });

  it('lists the oldest first, and ages by the clock of the database', async () => {
    const turns = [
      await openTurnOf(fixture.log),
      await openTurnOf(fixture.log),
      await openTurnOf(fixture.log),
    ];
    await fixture.database.query(
      `update turns set requested_at = requested_at - interval '1 hour' where turn_id = $1`,
      [turns[2]!.turnId],
    );
    const found = await fixture.log.unownedTurns(2);
    expect(found[0]!.turnId).toBe(turns[2]!.turnId);
    expect(found).toHaveLength(2);
    expect(found[0]!.requestedAgeMs).toBeGreaterThanOrEqual(3_600_000);
    expect(found[0]!.requestedAgeMs).toBeLessThan(3_660_000);
  });

  it('a second turn of a conversation cannot be opened', async () => {
    const turn = await openTurnOf(fixture.log);
    await expect(openTurnOf(fixture.log, turn.streamId, 1)).rejects.toMatchObject({
      name: 'AppendRefused',
      sqlState: '23505',
    });
    expect(await fixture.log.head(turn.streamId)).toBe(1);
  });
});
