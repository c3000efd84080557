import { Client } from 'pg';
import { setTimeout as pause } from 'node:timers/promises';
import { Database, migrate } from '#platform';
import { AppendLoad, type Flight } from '../support/append-load.js';
import { eventLogOn } from '../support/event-log.js';
import { checkHistory, checkUnits, type Violation } from '../support/history-checker.js';
import { startOwnPostgres, type OwnPostgres } from '../support/postgres.js';
import { createPrng, type Prng } from '../support/prng.js';

const KILLS = 20;
const WRITERS = 24;
/** Between two kills: 20 times as many make the 10,000. */
const ACKS_EACH = 500;

type Row = { stream_id: string; seq: string; event_id: string; type: string; bytes: string; at: Date };
type Drill = {
  units: number;
  events: number;
  lost: number;
  inFlight: number;
  found: number;
  violations: Violation[];
};

/** Kills the server again and again while the writers append; gives what became of what they were told. */
async function drill(postgres: OwnPostgres, prng: Prng): Promise<Drill> {
  const database = await Database.connect({ url: postgres.url });
  const load = new AppendLoad(eventLogOn(database), prng, WRITERS);
  const caught: { flight: Flight; killedAt: number }[] = [];
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      await load.reaches(load.units + ACKS_EACH);
      await pause(prng.between(0, 150));
      const killedAt = Date.now();
      const dead = postgres.kill9();
      caught.push(...load.inFlight().map((flight) => ({ flight, killedAt })));
      await dead;
    }
    await load.reaches(load.units + ACKS_EACH);
  } finally {
    await load.stop();
    await database.end();
  }
  const fates = await Promise.all(
    caught.map(async ({ flight, killedAt }) => ({ ...(await flight.catch(() => null)), killedAt })),
  );
  const found = fates.filter(({ recordedAt, killedAt }) => recordedAt && Date.parse(recordedAt) <= killedAt);
  const violations = await check(postgres.url, load);
  const lost = violations.filter(({ rule }) => rule === 'acked').length;
  const { units, acked } = load;
  return { units, events: acked.length, lost, inFlight: caught.length, found: found.length, violations };
}

/** A server with the schema on its disk: without `synchronous_commit` the first kill would undo the migrations. */
async function migrated(settings: Record<string, string> = {}): Promise<OwnPostgres> {
  const postgres = await startOwnPostgres({ watch: true, settings });
  await migrate({ url: postgres.url });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query('CHECKPOINT');
  await client.end();
  return postgres;
}

/** The log by its rows, read over a connection that shares no code with it. */
async function check(url: string, load: AppendLoad): Promise<Violation[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Row>(
    `SELECT stream_id, seq, event_id, type, data::text AS bytes, recorded_at AS at FROM events ORDER BY stream_id, seq`,
  );
  await client.end();
  const streams = new Set([...rows.map((row) => row.stream_id), ...load.acked.map((one) => one.streamId)]);
  const units = rows.map(({ bytes }) => JSON.parse(bytes) as { unit: string; of: number });
  const histories = [...streams].flatMap((streamId) =>
    checkHistory({
      streamId,
      log: rows
        .filter((row) => row.stream_id === streamId)
        .map(({ seq, event_id: eventId, type, bytes, at }) => {
          return { seq: Number(seq), eventId, type, bytes, data: JSON.parse(bytes), at: at.toISOString() };
        }),
      acked: load.acked.filter((one) => one.streamId === streamId),
    }),
  );
  return [...histories, ...checkUnits(units)];
}

function print(what: string, { units, events, lost, inFlight, found }: Drill): void {
  process.stderr.write(
    `${what}: ${KILLS} kills, ${units} acks of ${events} events, ${lost} events lost, ` +
      `${inFlight} appends in flight at the kills, ${found} of them found committed, the others sent again\n`,
  );
}

/** An ack is a promise that no crash breaks: the reason for `synchronous_commit`, which the control switches off. */
describe('kill -9 of PostgreSQL under load', () => {
  const prng = createPrng('postgres kill');
  let postgres: OwnPostgres | undefined;
  afterEach(() => postgres?.stop());

  it(`${KILLS} times: of at least ${KILLS * ACKS_EACH} acks none is lost, seqs are gapless, units whole`, async () => {
    postgres = await migrated();
    const done = await drill(postgres, prng);
    print('synchronous_commit on', done);
    expect(done.violations).toEqual([]);
    expect(done.units).toBeGreaterThanOrEqual(KILLS * ACKS_EACH);
    // a kill that meets nobody in flight tests nothing
    expect(done.inFlight).toBeGreaterThan(KILLS);
  }, 400_000);

  /** The negative control. The log writer sleeps five times as long as usual, so that every kill finds it asleep. */
  it('with synchronous_commit off the same run loses acks, and the checker says so', async () => {
    const settings = { synchronous_commit: 'off', wal_writer_delay: '1s' };
    postgres = await migrated(settings);
    const done = await drill(postgres, prng);
    print('synchronous_commit off', done);
    if (done.lost === 0)
      throw new Error('nothing was lost without synchronous_commit: this suite proves nothing');
    // what is lost is lost whole, and from the end
    expect(new Set(done.violations.map(({ rule }) => rule))).toEqual(new Set(['acked']));
  }, 400_000);
});
