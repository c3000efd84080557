import { randomUUID } from 'node:crypto';
import { ClearPayloadCodec, EventLog, type NewEvent } from '#event-log';
import type { Database } from '#platform';

/** One way to make a delta durable: resolves when it is committed. */
export type Contestant = {
  name: string;
  /** Makes a stream whose head is 1. */
  open(streamId: string): Promise<void>;
  append(streamId: string, seq: number, delta: NewEvent): Promise<void>;
};

const TENANT = 'bench';

export function groupCommit(database: Database): Contestant {
  const log = new EventLog(database, { flushMaxBytes: 131_072, flushMaxMs: 25 }, new ClearPayloadCodec());
  return {
    name: 'group commit',
    open: (streamId) => openStream(log, streamId),
    append: async (streamId, seq, delta) => {
      await log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq: seq - 1, events: [delta] }] });
    },
  };
}

export function commitPerDelta(database: Database): Contestant {
  const log = new EventLog(database, { flushMaxBytes: 131_072, flushMaxMs: 25 }, new ClearPayloadCodec());
  const text = 'select append_units($1, $2, $3, $4, $5, $6, $7, $8, $9, null)';
  return {
    name: 'commit a delta',
    open: (streamId) => openStream(log, streamId),
    append: async (streamId, seq, { eventId, type, schemaVersion, data, metadata }) => {
      const event = [
        [eventId],
        [type],
        [schemaVersion],
        [null],
        [JSON.stringify(data)],
        [JSON.stringify(metadata)],
      ];
      await database.run({
        name: 'bench_append_units',
        text,
        values: [[streamId], [seq - 1], [1], ...event],
      });
    },
  };
}

/** Groups as the group commit does: what came while the last INSERT ran goes in the next. */
export function bareInsert(database: Database): Contestant {
  const log = new EventLog(database, { flushMaxBytes: 131_072, flushMaxMs: 25 }, new ClearPayloadCodec());
  const text = `insert into events (stream_id, seq, event_id, type, schema_version, data, metadata, recorded_at)
    select u.*, clock_timestamp() from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::smallint[], $6::json[], $7::json[]) u`;
  type Waiting = {
    streamId: string;
    seq: number;
    delta: NewEvent;
    done: () => void;
    failed: (error: unknown) => void;
  };
  let waiting: Waiting[] = [];
  let busy = false;
  const soon = () => setImmediate(() => void flush());
  const flush = async () => {
    if (busy || waiting.length === 0) return;
    busy = true;
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
    busy = false;
    soon();
  };
  return {
    name: 'bare insert',
    open: (streamId) => openStream(log, streamId),
    append: (streamId, seq, delta) =>
      new Promise((done, failed) => {
        waiting.push({ streamId, seq, delta, done, failed });
        soon();
      }),
  };
}

async function openStream(log: EventLog, streamId: string): Promise<void> {
  const create = { tenantId: TENANT, ownerId: 'bench', kind: 'conversation' } as const;
  const started = {
    eventId: randomUUID(),
    type: 'ConversationStarted',
    schemaVersion: 1,
    data: {},
    metadata: {},
  };
  await log.append({ appends: [{ streamId, tenantId: TENANT, expectedSeq: 0, create, events: [started] }] });
}
