import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openEventLog, openTurnOf, type LogFixture } from '../../../../test/support/event-log.js';

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog();
});
afterAll(() => fixture.close());

describe('claim_turn', () => {
  it('gives the lease to one of many', async () => {
    const turn = await openTurnOf(fixture.log);
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        fixture.log.claimTurn({ ...turn, owner: `runner ${index}`, leaseMs: 10_000 }),
      ),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    const row = await fixture.log.turnRow(turn.streamId);
    expect(row).toMatchObject({
      ...turn,
      owner: `runner ${claims.indexOf(true)}`,
      attempts: 1,
      leaseRuns: true,
      startedAt: null,
    });
  });

  it('gives a running lease to nobody, its owner included', async () => {
    const turn = await openTurnOf(fixture.log);
    expect(await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 10_000 })).toBe(true);
    expect(await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 10_000 })).toBe(false);
  });

  it('gives it again once it has run out', async () => {
    const turn = await openTurnOf(fixture.log);
    expect(await fixture.log.claimTurn({ ...turn, owner: 'a', leaseMs: 20 })).toBe(true);
    await pause(60);
    expect(await fixture.log.claimTurn({ ...turn, owner: 'b', leaseMs: 10_000 })).toBe(true);
    expect(await fixture.log.turnRow(turn.streamId)).toMatchObject({ owner: 'b', attempts: 2 });
  });

  it('knows no turn that is over, and no other turn of the stream', async () => {
    const turn = await openTurnOf(fixture.log);
    expect(await fixture.log.claimTurn({ ...turn, turnId: randomUUID(), owner: 'a', leaseMs: 10_000 })).toBe(
      false,
    );
    expect(
      await fixture.log.claimTurn({ ...turn, streamId: randomUUID(), owner: 'a', leaseMs: 10_000 }),
    ).toBe(false);
  });
});
