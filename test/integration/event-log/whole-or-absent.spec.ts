import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LogUnavailable, WrongExpectedVersion, type AppendUnit, type EventLog } from '#event-log';
import { commandOf, event, openEventLog, TENANT, unitOf, type LogFixture } from '../../support/event-log.js';
import { expectSoundHistory } from '../../support/history-checker.js';
import { createPrng, type Prng } from '../../support/prng.js';

const STREAMS = 6;
const PROCESSES = 3;
const WRITERS = 12;
const UNITS_EACH = 60;

let fixture: LogFixture;
let logs: EventLog[];
beforeAll(async () => {
  fixture = await openEventLog();
  logs = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) => fixture.another({ applicationName: `victim ${index}` })),
  );
});
afterAll(() => fixture.close());

type Fate = 'committed' | 'beaten' | 'unknown';
type Story = { unit: AppendUnit; fate: Fate };

/** A unit of one to three streams, with a command, an entity and a snapshot, at the heads that its writer last saw. */
async function decide(prng: Prng, log: EventLog, streams: string[]): Promise<AppendUnit> {
  const first = prng.between(0, streams.length - 1);
  const chosen = Array.from(
    { length: prng.between(1, 3) },
    (_, index) => streams[(first + index) % streams.length]!,
  );
  const heads = await log.heads(chosen);
  const entity = randomUUID();
  return {
    appends: chosen.map((streamId) => ({
      streamId,
      tenantId: TENANT,
      expectedSeq: heads.get(streamId)!,
      events: Array.from({ length: prng.between(1, 3) }, () => event('Noted', { entity })),
    })),
    command: commandOf(chosen[0]!, entity),
    entities: [{ id: entity, streamId: chosen[0]!, seq: heads.get(chosen[0]!)! + 1 }],
    snapshot: { streamId: chosen[0]!, seq: heads.get(chosen[0]!)! + 1, reducerVersion: 1, state: { entity } },
  };
}

async function send(log: EventLog, unit: AppendUnit): Promise<Fate> {
  try {
    const { status } = await log.append(unit);
    expect(status).toBe('committed');
    return 'committed';
  } catch (error) {
    if (error instanceof WrongExpectedVersion) return 'beaten';
    if (error instanceof LogUnavailable) return 'unknown';
    throw error;
  }
}

/** A read on a connection that is killed under it fails; its writer reads again. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch {
      await pause(5);
    }
  }
}

it('writes the units of several streams whole or not at all, under conflicts and killed connections', async () => {
  const prng = createPrng('whole or absent');
  const streams = Array.from({ length: STREAMS }, () => randomUUID());
  for (const streamId of streams) await fixture.log.append(unitOf(streamId, 0));

  const quiet = new AbortController();
  let kills = 0;
  const killer = (async () => {
    while (!quiet.signal.aborted) {
      await pause(prng.between(5, 40));
      const killed = await fixture.database.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and application_name like 'victim%' order by random() limit 1`,
      );
      kills += killed.length;
    }
  })();

  const stories: Story[] = [];
  const write = async (log: EventLog) => {
    for (let n = 0; n < UNITS_EACH; n++) {
      const unit = await insist(() => decide(prng, log, streams));
      stories.push({ unit, fate: await send(log, unit) });
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, index) => write(logs[index % PROCESSES]!)));
  quiet.abort();
  await killer;

  const of = (fate: Fate) => stories.filter((story) => story.fate === fate);
  process.stderr.write(
    `${of('committed').length} committed, ${of('beaten').length} beaten, ${kills} connections killed\n`,
  );
  expect(of('committed').length).toBeGreaterThan(0);
  expect(of('beaten').length).toBeGreaterThan(0);
  expect(kills).toBeGreaterThan(0);

  const inLog = new Map<string, Set<string>>();
  for (const streamId of streams) {
    const log = await fixture.log.read(streamId, { limit: 100_000 });
    inLog.set(streamId, new Set(log.map(({ eventId }) => eventId)));
    const acked = of('committed')
      .flatMap(({ unit }) => unit.appends.filter((append) => append.streamId === streamId))
      .flatMap(({ expectedSeq, events }) =>
        events.map(({ eventId }, index) => ({ seq: expectedSeq + 1 + index, eventId })),
      );
    expectSoundHistory({ streamId, log, acked, settled: false });
    // nothing stands in the log that was not acknowledged: every fate was found out
    if (of('unknown').length === 0) expect(log).toHaveLength(acked.length + 1);
  }

  const rows = await fixture.database.query<{ id: string; stream_id: string; seq: number }>(
    'select * from entities',
  );
  const commands = await fixture.database.query<{ command_id: string }>('select command_id from commands');
  const entities = new Set(rows.map(({ id }) => id));
  const answered = new Set(commands.map(({ command_id }) => command_id));
  for (const { unit, fate } of stories) {
    const there = unit.appends.flatMap(({ streamId, events }) =>
      events.map(({ eventId }) => inLog.get(streamId)!.has(eventId)),
    );
    there.push(entities.has(unit.entities![0]!.id), answered.has(unit.command!.commandId));
    expect(new Set(there).size).toBe(1);
    if (fate !== 'unknown') expect(there[0]).toBe(fate === 'committed');
  }
}, 300_000);
