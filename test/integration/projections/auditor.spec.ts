import { Logger } from '@nestjs/common';
import { metrics } from '#platform';
import { Auditor } from '../../../libs/projections/src/verify/auditor.js';
import { chattyStory } from '../../support/chatty-story.js';
import { createPrng } from '../../support/prng.js';
import {
  appendLogged,
  newStreamId,
  openProjections,
  withOwnIds,
  type ProjectionFixture,
} from '../../support/projections.js';
import { until } from '../../support/until.js';
import { verifyingOn, type Verifying } from '../../support/verifying.js';

let open: ProjectionFixture;
let verifying: Verifying;
let errors: jest.SpyInstance;
beforeEach(async () => {
  errors = jest.spyOn(Logger.prototype, 'error').mockReturnValue(undefined);
  open = await openProjections();
  verifying = verifyingOn(open);
});
afterEach(async () => {
  errors.mockRestore();
  await verifying?.close();
  await open?.close();
});

const prng = createPrng('auditor');
const auditor = (auditMsPerMinute: number) =>
  new Auditor({ auditMsPerMinute }, open.database, verifying.streams, verifying.registry);

async function tell(streamId: string, steps: number, each: () => Promise<unknown>): Promise<void> {
  const events = withOwnIds(chattyStory(prng, steps), streamId);
  for (let at = 0; at < events.length; at += 6) {
    await appendLogged(open.log, streamId, events.slice(at, at + 6));
    await each();
  }
}

describe('the auditor', () => {
  it('finds a difference that was planted, tells of it, and remembers it', async () => {
    const streamId = newStreamId();
    await tell(streamId, 30, async () => undefined);
    await open.runner.project(streamId);
    const all = auditor(60_000);
    all.start();
    await until(async () => all.counts.checks >= 3);
    expect(all.counts).toMatchObject({ mismatches: 0, lastMismatchAt: null });
    const told = (await metrics.auditMismatches.get()).values;
    expect(told).toContainEqual({ labels: { projection: 'conversations' }, value: 0 });
    await open.database.query(`update conversations set archived = not archived where conversation_id = $1`, [
      streamId,
    ]);
    await until(async () => all.counts.mismatches > 0);
    await all.stop();
    expect(Date.parse(all.counts.lastMismatchAt!)).toBeLessThanOrEqual(Date.now());
    expect(all.findings[0]).toMatchObject({ streamId, projection: 'conversations' });
    expect(errors.mock.calls.flat().join('\n')).toContain('"column":"archived"');
    const { checks } = all.counts;
    await open.database.query('select pg_sleep(0.3)');
    expect(all.counts.checks).toBe(checks);
  }, 60_000);

  it('raises no alarm for what is only on its way', async () => {
    const all = auditor(60_000);
    all.start();
    const traffic = Array.from({ length: 4 }, async () => {
      const streamId = newStreamId();
      await tell(streamId, 200, async () => {
        if (prng.next() < 0.5) await open.runner.project(streamId);
      });
    });
    await Promise.all(traffic);
    await until(async () => all.counts.checks >= 10);
    await all.stop();
    expect(all.counts.mismatches).toBe(0);
    expect(all.findings).toEqual([]);
    expect(errors).not.toHaveBeenCalled();
  }, 120_000);

  it('does nothing without a budget', async () => {
    await tell(newStreamId(), 5, async () => undefined);
    const off = auditor(0);
    off.start();
    await open.database.query('select pg_sleep(0.3)');
    await off.stop();
    expect(off.counts.checks).toBe(0);
  });
});
