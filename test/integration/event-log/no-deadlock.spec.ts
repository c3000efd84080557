import { randomUUID } from 'node:crypto';
import type { EventLog } from '#event-log';
import { commandOf, delta, event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';
import { createPrng } from '../../support/prng.js';

const PROCESSES = 4;
const STREAMS = 40;
const ROUNDS = 40;

let fixture: LogFixture;
beforeAll(async () => {
  fixture = await openEventLog({ poolSize: 6 });
});
afterAll(() => fixture.close());

it('never deadlocks: flushes of several processes over the same streams, each in an order of its own', async () => {
  const prng = createPrng('no deadlock');
  const streams = Array.from({ length: STREAMS }, () => randomUUID());
  await Promise.all(streams.map((streamId) => fixture.log.append(unitOf(streamId, 0))));
  const logs: EventLog[] = [];
  while (logs.length < PROCESSES) logs.push(await fixture.another());

  let [committed, refused] = [0, 0];
  const run = async (log: EventLog) => {
    for (let round = 0; round < ROUNDS; round++) {
      const heads = await log.heads(streams);
      const shuffled = streams.toSorted(() => prng.next() - 0.5);
      const settled = await Promise.allSettled(
        shuffled.map((streamId) => {
          const events = prng.next() < 0.5 ? [delta()] : [event(), delta()];
          const command = commandOf(streamId);
          return log.append(
            unitOf(streamId, heads.get(streamId)!, events, {
              command,
              entities: [{ id: randomUUID(), streamId, seq: 1 }],
            }),
          );
        }),
      );
      committed += settled.filter(({ status }) => status === 'fulfilled').length;
      refused += settled.filter(({ status }) => status === 'rejected').length;
    }
  };
  await Promise.all(logs.map(run));

  expect(committed).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
  const deadlocks = async () => {
    // the counters of a session arrive when it is idle for a moment: ask on a fresh one
    const [row] = await fixture.database.query<{ deadlocks: number }>(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    return row!.deadlocks;
  };
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await deadlocks()).toBe(0);
}, 120_000);
