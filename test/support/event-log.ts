import { randomUUID } from 'node:crypto';
import { ClearPayloadCodec, EventLog, type AppendUnit, type NewEvent } from '#event-log';
import { Database, type DatabaseOptions } from '#platform';
import { createTestDatabase } from './postgres.js';

// the first suite of a run starts the server, which takes its time on a busy machine
jest.setTimeout(60_000);

/** A database with a number of processes' event logs on it, each on a pool of its own. */
export type LogFixture = {
  url: string;
  database: Database;
  log: EventLog;
  another(options?: Partial<DatabaseOptions>): Promise<EventLog>;
  close(): Promise<void>;
};

/** A fresh database and one event log; `another` is another process's. `close` drops all. */
export async function openEventLog(options: Partial<DatabaseOptions> = {}): Promise<LogFixture> {
  const { url, drop } = await createTestDatabase();
  const databases: Database[] = [];
  const another = async (more: Partial<DatabaseOptions> = {}) => {
    const database = await Database.connect({ url, ...options, ...more });
    databases.push(database);
    return eventLogOn(database);
  };
  const log = await another();
  const close = async () => {
    await Promise.all(databases.map((database) => database.end()));
    await drop();
  };
  return { url, database: databases[0]!, log, another, close };
}

export function eventLogOn(database: Database): EventLog {
  return new EventLog(database, { flushMaxBytes: 131_072, flushMaxMs: 25 }, new ClearPayloadCodec());
}

export function event(type = 'Noted', data: unknown = {}, metadata: Record<string, unknown> = {}): NewEvent {
  return { eventId: randomUUID(), type, schemaVersion: 1, data, metadata };
}

export function delta(text = 'word'): NewEvent {
  return event(
    'StreamDeltaReceived',
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    { turnId: TURN },
  );
}

const TURN = '019aa000-0000-7000-8000-000000000001';
export const TENANT = 'tenant';

/** A unit that appends to one stream after `expectedSeq`; at 0 it makes the stream. */
export function unitOf(
  streamId: string,
  expectedSeq: number,
  events: NewEvent[] = [event()],
  more: Partial<AppendUnit> = {},
): AppendUnit {
  const create =
    expectedSeq === 0 ? { tenantId: TENANT, ownerId: 'owner', kind: 'conversation' as const } : undefined;
  return { appends: [{ streamId, expectedSeq, tenantId: TENANT, events, create }], ...more };
}

export function commandOf(streamId: string, commandId: string = randomUUID(), bodySha256 = 'a'.repeat(64)) {
  return {
    tenantId: TENANT,
    principal: 'user',
    commandId,
    bodySha256,
    streamId,
    result: { kind: 'none', of: commandId },
  };
}

/** A conversation with an open turn; its TurnRequested is the event after `head`. */
export async function openTurnOf(
  log: EventLog,
  streamId: string = randomUUID(),
  head = 0,
): Promise<{ streamId: string; turnId: string }> {
  const turn = { streamId, turnId: randomUUID() };
  const entities = [{ id: turn.turnId, streamId, seq: head + 1 }];
  await log.append(unitOf(streamId, head, [event('TurnRequested')], { openTurn: turn, entities }));
  return turn;
}
