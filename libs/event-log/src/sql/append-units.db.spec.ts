import { randomUUID } from 'node:crypto';
import type { Database } from '#platform';
import { openEventLog, type LogFixture } from '../../../../test/support/event-log.js';

let fixture: LogFixture;
let database: Database;
beforeAll(async () => {
  fixture = await openEventLog();
  ({ database } = fixture);
});
afterAll(() => fixture.close());

type Run = { streamId: string; expected: number; events: string[] };
const CALL = 'select append_units($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as ats';

/** The function's arguments for runs of events, given by their types. */
function argumentsOf(runs: Run[], rest: unknown = null): unknown[] {
  const types = runs.flatMap(({ events }) => events);
  return [
    runs.map(({ streamId }) => streamId),
    runs.map(({ expected }) => expected),
    runs.map(({ events }) => events.length),
    types.map(() => randomUUID()),
    types,
    types.map(() => 1),
    types.map(() => null),
    types.map(() => '{}'),
    types.map(() => '{}'),
    rest === null ? null : JSON.stringify(rest),
  ];
}

const append = async (runs: Run[], rest: unknown = null) => {
  const [row] = await database.query<{ ats: number[] | null }>(CALL, argumentsOf(runs, rest));
  return row!.ats?.map(Number) ?? null;
};
const made = (streamId: string, firstSeq = 1) => ({
  stream_id: streamId,
  tenant_id: 't',
  owner_id: 'o',
  kind: 'project',
  first_seq: firstSeq,
});
const rowsOf = (streamId: string) =>
  database.query<{ seq: number; type: string; recorded_at: string }>(
    'select seq, type, recorded_at from events where stream_id = $1 order by seq',
    [streamId],
  );

const started = (streamId: string): Run => ({ streamId, expected: 0, events: ['A'] });
const newStreams = (count: number) => Array.from({ length: count }, () => randomUUID()).toSorted();

describe('append_units', () => {
  it('appends to old and new streams in one call, and gives their times in the order of the call', async () => {
    const [a, b] = newStreams(2) as [string, string];
    await append([{ streamId: b, expected: 0, events: ['First'] }], { streams: [made(b)] });
    const before = Date.now();
    const ats = await append(
      [
        { streamId: a, expected: 0, events: ['New', 'Second'] },
        { streamId: b, expected: 1, events: ['Second', 'Third', 'Fourth'] },
      ],
      { streams: [made(a)] },
    );
    const [ofA, ofB] = [await rowsOf(a), await rowsOf(b)];
    expect(ofA.map(({ seq, type }) => [seq, type])).toEqual([
      [1, 'New'],
      [2, 'Second'],
    ]);
    expect(ofB.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(ats).toEqual([Date.parse(ofA[1]!.recorded_at), Date.parse(ofB[3]!.recorded_at)]);
    expect(ats![0]).toBeGreaterThan(before - 60_000);
  });

  it('lets no time fall within a stream, however the clock goes, and keeps whole milliseconds', async () => {
    const [streamId] = newStreams(1) as [string];
    await append([{ streamId, expected: 0, events: ['A'] }], { streams: [made(streamId)] });
    const future = '2099-01-01T00:00:00.123Z';
    // as a clock that was wrong for a while would have written it
    await database.query(
      `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
       values ($1, 2, gen_random_uuid(), $2, 1, 'FromTheFuture', '{}', '{}')`,
      [streamId, future],
    );
    expect(await append([{ streamId, expected: 2, events: ['B', 'C'] }])).toEqual([Date.parse(future)]);
    expect((await rowsOf(streamId)).slice(1).map(({ recorded_at }) => recorded_at)).toEqual([
      future,
      future,
      future,
    ]);
    const [row] = await database.query(
      `select bool_and(recorded_at = date_trunc('milliseconds', recorded_at)) as whole from events`,
    );
    expect(row).toEqual({ whole: true });
  });

  it('begins a fork right after the head that it goes on from, in time too, and refuses one that is not there', async () => {
    const [root, fork, other] = newStreams(3) as [string, string, string];
    await append([{ streamId: root, expected: 0, events: ['A', 'B'] }], { streams: [made(root)] });
    const future = '2098-01-01T00:00:00.000Z';
    await database.query(
      `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
       values ($1, 3, gen_random_uuid(), $2, 1, 'FromTheFuture', '{}', '{}')`,
      [root, future],
    );
    const forked = (streamId: string, at: number) => ({
      ...made(streamId, at + 1),
      parent_id: root,
      lineage: [{ streamId: root, upTo: at }],
      origin_id: root,
    });
    // beside a stream of its own, in one call
    const own = { streamId: other, expected: 0, events: ['A'] };
    const streams = [forked(fork, 3), made(other)];
    const begun = { streamId: fork, expected: 3, events: ['Forked', 'Ended'] };
    await append([begun, own], { streams });
    expect((await rowsOf(fork)).map(({ seq, recorded_at }) => [seq, recorded_at])).toEqual([
      [4, future],
      [5, future],
    ]);
    expect((await rowsOf(other)).map(({ seq }) => seq)).toEqual([1]);
    const [late] = newStreams(1) as [string];
    const tooFar = { streamId: late, expected: 7, events: ['Forked'] };
    await expect(append([tooFar], { streams: [forked(late, 7)] })).rejects.toMatchObject({ code: 'LC001' });
    expect(await rowsOf(late)).toEqual([]);
    expect(await database.query('select 1 from streams where stream_id = $1', [late])).toEqual([]);
  });

  it('refuses a head that is not there (LC001) or was passed (23505), and then writes nothing at all', async () => {
    const [a, b] = newStreams(2) as [string, string];
    await append(
      [
        { streamId: a, expected: 0, events: ['A'] },
        { streamId: b, expected: 0, events: ['A', 'B'] },
      ],
      {
        streams: [made(a), made(b)],
      },
    );
    const next = { streamId: a, expected: 1, events: ['B'] };
    await expect(append([next, { streamId: b, expected: 3, events: ['D'] }])).rejects.toMatchObject({
      code: 'LC001',
    });
    await expect(append([next, { streamId: b, expected: 1, events: ['B'] }])).rejects.toMatchObject({
      code: '23505',
    });
    await expect(append([{ streamId: randomUUID(), expected: 0, events: ['A'] }])).rejects.toMatchObject({
      code: 'LC001',
    });
    expect(await rowsOf(a)).toHaveLength(1);
  });

  it('refuses streams out of order or named twice: the order is what keeps calls from deadlocks', async () => {
    const [a, b] = newStreams(2) as [string, string];
    const rest = { streams: [made(a), made(b)] };
    await expect(append([started(b), started(a)], rest)).rejects.toMatchObject({ code: 'LC001' });
    await expect(append([started(a), started(a)], rest)).rejects.toMatchObject({ code: 'LC001' });
  });

  it('makes a stream that goes on with another numbering, as a fork does', async () => {
    const [streamId] = newStreams(1) as [string];
    await append([{ streamId, expected: 41, events: ['Forked', 'B'] }], { streams: [made(streamId, 42)] });
    expect((await rowsOf(streamId)).map(({ seq }) => seq)).toEqual([42, 43]);
    await append([{ streamId, expected: 43, events: ['C'] }]);
    expect(await rowsOf(streamId)).toHaveLength(3);
  });

  it('locks nothing but events for deltas alone', async () => {
    const [streamId] = newStreams(1) as [string];
    await append([{ streamId, expected: 0, events: ['A'] }], { streams: [made(streamId)] });
    await database.transaction('READ COMMITTED', async (q) => {
      await q.query(CALL, argumentsOf([{ streamId, expected: 1, events: ['StreamDeltaReceived'] }]));
      const locks = await q.query<{ name: string }>(
        `select relation::regclass::text as name from pg_locks
         where pid = pg_backend_pid() and mode = 'RowExclusiveLock' and locktype = 'relation' order by 1`,
      );
      const tables = locks.map(({ name }) => name).filter((name) => !/_(pkey|idx)$/.test(name));
      expect(tables).toHaveLength(2);
      for (const name of tables) expect(name).toMatch(/^events(_\d\d)?$/);
    });
  });

  it('writes the other rows of a unit, and none of them without its events', async () => {
    const [streamId, id, turnId] = [randomUUID(), randomUUID(), randomUUID()];
    const rest = {
      streams: [made(streamId)],
      commands: [
        {
          tenant_id: 't',
          principal: 'p',
          command_id: id,
          body_sha256: 'x',
          stream_id: streamId,
          seq_from: 1,
          seq_to: 1,
          result: '{"a":"\\u0000"}',
        },
      ],
      entities: [{ id, stream_id: streamId, seq: 1 }],
      opens: [{ stream_id: streamId, turn_id: turnId }],
      snapshots: [{ stream_id: streamId, reducer_version: 1, seq: 1, state: '{}' }],
      pending: [{ stream_id: streamId, tenant_id: 't', seq: 1 }],
    };
    const counts = async () => {
      const tables = ['streams', 'commands', 'entities', 'turns', 'snapshots', 'pending'];
      const rows = await Promise.all(
        tables.map((table) =>
          database.query(`select from ${table} where ${table === 'entities' ? 'id' : 'stream_id'} = $1`, [
            table === 'entities' ? id : streamId,
          ]),
        ),
      );
      return rows.map((found) => found.length);
    };
    await expect(
      append([{ streamId, expected: 0, events: [null as unknown as string] }], rest),
    ).rejects.toMatchObject({ code: '23502' });
    expect(await counts()).toEqual([0, 0, 0, 0, 0, 0]);
    await append([{ streamId, expected: 0, events: ['A'] }], rest);
    expect(await counts()).toEqual([1, 1, 1, 1, 1, 1]);
    await append([{ streamId, expected: 1, events: ['B'] }], {
      closes: [{ stream_id: streamId, turn_id: turnId }],
    });
    expect(await counts()).toEqual([1, 1, 1, 0, 1, 1]);
  });

  it('takes a call without any stream: a command that changed nothing', async () => {
    const command_id = randomUUID();
    const commands = [
      {
        tenant_id: 't',
        principal: 'p',
        command_id,
        body_sha256: 'x',
        stream_id: randomUUID(),
        seq_from: null,
        seq_to: 0,
        result: 'null',
      },
    ];
    expect(await append([], { commands })).toBeNull();
    await expect(append([], { commands })).rejects.toMatchObject({ code: '23505' });
  });
});
