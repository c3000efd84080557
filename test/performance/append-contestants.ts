import { ClearPayloadCodec, EventLog, type NewEvent } from '#event-log';
import type { Database } from '#platform';
import { deltaOf, type Contestant } from './contestant.js';

const TENANT = 'bench';
const MOST_IN_A_UNIT = 1_000;
const tables = ['events', 'streams', 'pending'];
const create = { tenantId: TENANT, ownerId: 'bench', kind: 'conversation' } as const;

const openLog = (database: Database): EventLog =>
  new EventLog(database, { flushMaxBytes: 131_072, flushMaxMs: 25 }, new ClearPayloadCodec());

const opening = (log: EventLog) => (streamId: string, started: NewEvent) =>
  log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq: 0, create, events: [started] }] });

/** The product; each answer has so many deltas already. */
export function groupCommit(database: Database, deltasBefore = 0): Contestant {
  const log = openLog(database);
  const open = opening(log);
  const append = (streamId: string, expectedSeq: number, events: NewEvent[]) =>
    log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq, events }] });
  return {
    name: 'group commit',
    tables,
    open: async (streamId, started) => {
      await open(streamId, started);
      for (let n = 0; n < deltasBefore; n += MOST_IN_A_UNIT) {
        const count = Math.min(MOST_IN_A_UNIT, deltasBefore - n);
        await append(
          streamId,
          1 + n,
          Array.from({ length: count }, (_, i) => deltaOf('before', n + i)),
        );
      }
    },
    append: (streamId, seq, delta) => append(streamId, deltasBefore + seq - 1, [delta]),
  };
}

/** The product's SQL function, one unit a call. */
export function commitPerDelta(database: Database): Contestant {
  const text = 'select append_units($1, $2, $3, $4, $5, $6, $7, $8, $9, null)';
  return {
    name: 'commit a delta',
    tables,
    open: opening(openLog(database)),
    append: (streamId, seq, { eventId, type, schemaVersion, data, metadata }) =>
      database.run({
        name: 'bench_append_units',
        text,
        values: [
          [streamId],
          [seq - 1],
          [1],
          [eventId],
          [type],
          [schemaVersion],
          [null],
          [JSON.stringify(data)],
          [JSON.stringify(metadata)],
        ],
      }),
  };
}

type Waiting = {
  streamId: string;
  seq: number;
  delta: NewEvent;
  done: () => void;
  failed: (error: unknown) => void;
};

/**
 * The limit: the same rows into the same table by a multi-row INSERT, in groups as the group commit makes them (what came
 * while the last INSERT ran goes in the next), with so many of them at once.
 */
export function bareInsert(database: Database, atOnce: number): Contestant {
  const text = `insert into events (stream_id, seq, event_id, type, schema_version, data, metadata, recorded_at)
    select u.*, clock_timestamp() from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::smallint[], $6::json[], $7::json[]) u`;
  let waiting: Waiting[] = [];
  let running = 0;
  const soon = () => setImmediate(() => void flush());
  const flush = async () => {
    if (running === atOnce || waiting.length === 0) return;
    running += 1;
    const group = waiting.toSorted((a, b) => (a.streamId < b.streamId ? -1 : 1));
    waiting = [];
    const values = [
      group.map(({ streamId }) => streamId),
      group.map(({ seq }) => seq),
      group.map(({ delta }) => delta.eventId),
      group.map(({ delta }) => delta.type),
      group.map(({ delta }) => delta.schemaVersion),
      group.map(({ delta }) => JSON.stringify(delta.data)),
      group.map(({ delta }) => JSON.stringify(delta.metadata)),
    ];
    try {
      await database.run({ name: 'bench_bare_insert', text, values });
      for (const { done } of group) done();
    } catch (error) {
      for (const { failed } of group) failed(error);
    }
    running -= 1;
    soon();
  };
  return {
    name: `bare insert × ${atOnce}`,
    tables,
    open: opening(openLog(database)),
    append: (streamId, seq, delta) =>
      new Promise<void>((done, failed) => {
        waiting.push({ streamId, seq, delta, done, failed });
        soon();
      }),
  };
}
