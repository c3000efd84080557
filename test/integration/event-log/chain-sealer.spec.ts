import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { ChainSealer, ChainVerifier } from '#event-log';
import { delta, event, openEventLog, unitOf, type LogFixture } from '../../support/event-log.js';
import { until } from '../../support/until.js';

const chainKey = 'a key that is in no table, and long enough';
const config = { chainKey, sealMs: 100 };

let fixture: LogFixture;
const running: ChainSealer[] = [];
beforeEach(async () => void (fixture = await openEventLog()));
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(running.splice(0).map((sealer) => sealer.stop()));
  await fixture?.close();
});

/** One that runs as a worker's does. */
function startSealer(): ChainSealer {
  const sealer = new ChainSealer(fixture.database, config);
  running.push(sealer);
  sealer.start();
  return sealer;
}

const verify = () => new ChainVerifier(fixture.database, config).verify();

async function insertOld(streamId: string, seq: number): Promise<void> {
  await fixture.database.query(
    `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
     values ($1, $2, gen_random_uuid(), '2020-01-01', 1, 'Noted', '{}', '{}')`,
    [streamId, seq],
  );
}

/** Ten conversations for two seconds, deltas alone too; gives how many events. */
async function append(): Promise<number> {
  const end = Date.now() + 2_000;
  const counts = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const streamId = randomUUID();
      let head = 0;
      for (; Date.now() < end; head += 3)
        await fixture.log.append(
          unitOf(streamId, head, head === 0 ? [event(), event(), event()] : [delta(), delta(), delta()]),
        );
      return head;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

describe('the sealer', () => {
  it('seals what is appended, behind the appends, with two processes at it', async () => {
    startSealer();
    startSealer();
    const appended = await append();
    await until(async () => (await verify()).unsealed === 0);
    expect(await verify()).toMatchObject({ events: appended, unsealed: 0, bad: 0 });
    const [lag] = await fixture.database.query<{ ms: number; seals: number }>(
      `select max(extract(epoch from s.sealed_at - e.recorded_at) * 1000)::integer as ms, max(s.seal) as seals
       from chain_runs r join chain_seals s using (seal)
       join events e on e.stream_id = r.stream_id and e.seq between r.from_seq and r.to_seq`,
    );
    process.stderr.write(
      `sealer: ${appended} events in ${lag!.seals} seals, the longest unsealed for ${lag!.ms} ms (a round every ${config.sealMs} ms)\n`,
    );
  });

  it('goes on where it was, and seals no more than there is', async () => {
    const sealer = new ChainSealer(fixture.database, config);
    const streamId = randomUUID();
    await fixture.log.append(unitOf(streamId, 0, [event(), event()]));
    expect(await sealer.sealAll()).toBe(2);
    expect(await sealer.sealAll()).toBe(0);
    await fixture.log.append(unitOf(streamId, 2, [delta()]));
    expect(await sealer.sealAll()).toBe(1);
    const runs = await fixture.database.query('select from_seq, to_seq, seal from chain_runs order by 1');
    expect(runs).toEqual([
      { from_seq: 1, to_seq: 2, seal: 1 },
      { from_seq: 3, to_seq: 3, seal: 2 },
    ]);
  });

  it('cuts a long stream into runs, and runs into seals', async () => {
    const streamId = randomUUID();
    for (let head = 0; head < 25_000; head += 2_500)
      await fixture.log.append(
        unitOf(
          streamId,
          head,
          Array.from({ length: 2_500 }, () => delta()),
        ),
      );
    expect(await new ChainSealer(fixture.database, config).sealAll()).toBe(25_000);
    const [found] = await fixture.database.query(
      'select count(*) as runs, max(seal) as seals from chain_runs',
    );
    expect(found).toEqual({ runs: 25, seals: 2 });
    expect(await verify()).toMatchObject({ events: 25_000, bad: 0, unsealed: 0 });
  });

  it('finds what has an old time, as an import brings it, at a look at everything', async () => {
    const sealer = startSealer();
    await fixture.log.append(unitOf(randomUUID(), 0));
    await until(async () => (await verify()).unsealed === 0);
    const imported = randomUUID();
    await fixture.database.query(
      "insert into streams (stream_id, tenant_id, owner_id, kind, created_at) values ($1, 't', 'o', 'conversation', '2020-01-01')",
      [imported],
    );
    await insertOld(imported, 1);
    await pause(5 * config.sealMs);
    expect(await verify()).toMatchObject({ unsealed: 1, bad: 0 });
    await sealer.stop();
    // each start begins with one
    startSealer();
    await until(async () => (await verify()).unsealed === 0);
  });

  it('vouches for nothing after a gap, says so, and seals the other streams all the same', async () => {
    const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const [holey, other] = [randomUUID(), randomUUID()];
    for (const streamId of [holey, other]) await fixture.log.append(unitOf(streamId, 0, [event(), event()]));
    await insertOld(holey, 4);
    expect(await new ChainSealer(fixture.database, config).sealAll()).toBe(4);
    expect(logged).toHaveBeenCalledWith(expect.stringContaining(`${holey} has no event 3`));
    expect(await verify()).toMatchObject({
      findings: [{ kind: 'missing', streamId: holey, seq: 3 }],
      unsealed: 1,
    });
  });
});
