import { setTimeout as pause } from 'node:timers/promises';
import { openEventLog, openTurnOf, type LogFixture } from '../../../../test/support/event-log.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());

describe('renew_lease', () => {
  it('moves the end of a running lease', async () => {
    const turn = await openTurnOf(fixture.log);
    await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 1_000 });
    expect(await fixture.log.renewLease({ ...turn, owner: 'a', leaseMs: 60_000 })).toBe(true);
    const [row] = await fixture.database.query<{ far: boolean }>(
      `select lease_until > clock_timestamp() + interval '50 seconds' as far from turns where stream_id = $1`,
      [turn.streamId],
    );
    expect(row).toEqual({ far: true });
  });

  it('refuses another owner, and a turn that is over', async () => {
    const turn = await openTurnOf(fixture.log);
    await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 10_000 });
    expect(await fixture.log.renewLease({ ...turn, owner: 'b', leaseMs: 10_000 })).toBe(false);
    await fixture.database.query('delete from turns where stream_id = $1', [turn.streamId]);
    expect(await fixture.log.renewLease({ ...turn, owner: 'a', leaseMs: 10_000 })).toBe(false);
  });

  it('refuses a lease that has run out, though nobody took it', async () => {
    const turn = await openTurnOf(fixture.log);
    await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 20 });
    await pause(60);
    expect(await fixture.log.renewLease({ ...turn, owner: 'a', leaseMs: 10_000 })).toBe(false);
  });
});
