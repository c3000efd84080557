import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobStore, lineageAt, type EventLog } from '#event-log';
import { Database } from '#platform';
import { commandOf, event, TENANT, unitOf } from './event-log.js';

/** A temporary folder for the work, removed at its end. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'chatlog-archive-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Payloads that only survive where bytes do: as JSON text, inserted as it is. */
export const ODD_PAYLOADS = [
  '{"nul":"\\u0000","lone":"\\ud800 \\udc00\\ud83d"}',
  '{ "white" :\n\t"space",   "b":1,"a":2, "b":3 }',
  '{"tab":"\\t","quote":"\\"","slash":"\\\\n\\/","ctrl":"\\u0001\\u0002\\u001f","text":"ü – 漢字 🙂 \u2028"}',
  '[1.0, 1e2, 123456789012345678901234567890, -0]',
  '"\\\\N"',
];

/** A stream of events with odd payloads, written beneath the log's own codec. */
export async function insertOdd(database: Database): Promise<string> {
  const streamId = randomUUID();
  await database.query(
    "insert into streams (stream_id, tenant_id, owner_id, kind, created_at) values ($1, $2, 'o\tw\\n''er', 'conversation', now())",
    [streamId, TENANT],
  );
  for (const [n, text] of ODD_PAYLOADS.entries())
    await database.query(
      `insert into events (stream_id, seq, event_id, recorded_at, schema_version, type, data, metadata)
       values ($1, $2, gen_random_uuid(), '2026-01-02 03:04:05.678901+00', 1, 'Odd', $3::text::json, $3::text::json)`,
      [streamId, n + 1, text],
    );
  return streamId;
}

const within = (seq: string) =>
  `where $1::uuid[] is null or exists (select from unnest($1::uuid[], $2::bigint[]) h (id, head) where h.id = t.stream_id and ${seq} <= h.head)`;

/** What every table that is truth holds, a hash each; of events and their companions only up to the given heads. */
export async function contentsOf(
  database: Database,
  heads?: ReadonlyMap<string, number>,
): Promise<Record<string, string>> {
  const ids = heads ? [...heads.keys()] : null;
  const limits = heads ? [...heads.values()] : null;
  const tables: Record<string, string> = {
    streams: `select t::text as line from streams t ${within('1')}`,
    events: `select t::text as line from events t ${within('t.seq')}`,
    entities: `select t::text as line from entities t ${within('t.seq')}`,
    commands: `select t::text as line from commands t ${within('t.seq_to')}`,
    turns: `select t::text as line from turns t where $1::uuid[] is null or $2::bigint[] is not null`,
    project_views: `select t::text as line from project_views t where $1::uuid[] is null or $2::bigint[] is not null`,
    chain_runs: `select t::text as line from chain_runs t where $1::uuid[] is null or $2::bigint[] is not null`,
    chain_seals: `select t::text as line from chain_seals t where $1::uuid[] is null or $2::bigint[] is not null`,
  };
  const found: Record<string, string> = {};
  for (const [name, sql] of Object.entries(tables)) {
    const rows = await database.query<{ line: string }>(
      `select line from (${sql}) r order by line collate "C"`,
      [ids, limits],
    );
    const hash = createHash('sha256');
    for (const { line } of rows) hash.update(`${line}\n`);
    found[name] = `${rows.length} rows ${hash.digest('hex').slice(0, 16)}`;
  }
  return found;
}

export async function headsOf(database: Database): Promise<Map<string, number>> {
  const rows = await database.query<{ id: string; head: number }>(
    'select stream_id as id, max(seq) as head from events group by 1',
  );
  return new Map(rows.map(({ id, head }) => [id, head]));
}

/** Something of everything that a backup holds: odd bytes, forks, commands, entities, open turns, contents, views. */
export async function fillLog(log: EventLog, database: Database, streams = 12): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < streams; n += 1) {
    const streamId = randomUUID();
    ids.push(streamId);
    const entity = { id: randomUUID(), streamId, seq: 1 };
    const events = Array.from({ length: 3 + n }, (_, k) =>
      event('Noted', { text: `${n}/${k} \u0000 \ud800` }),
    );
    const command = commandOf(streamId);
    await log.append(unitOf(streamId, 0, events, { command, entities: [entity] }));
  }
  const parentId = ids[2]!;
  const forkId = randomUUID();
  const lineage = lineageAt((await log.info(parentId))!, 2);
  const create = {
    tenantId: TENANT,
    ownerId: 'owner',
    kind: 'conversation' as const,
    fork: { parentId, lineage },
  };
  await log.append({
    appends: [{ streamId: forkId, tenantId: TENANT, expectedSeq: 2, create, events: [event('Forked')] }],
  });
  const turn = { streamId: ids[0]!, turnId: randomUUID() };
  const entities = [{ id: turn.turnId, streamId: turn.streamId, seq: 4 }];
  await log.append(
    unitOf(turn.streamId, 3, [event('TurnRequested'), event('TurnStarted')], { openTurn: turn, entities }),
  );
  await new BlobStore(database).put(TENANT, ['one content', 'another \u0000 content'.repeat(50), '']);
  await database.query('insert into project_views values ($1, $2, 41)', [randomUUID(), TENANT]);
  ids.push(forkId, await insertOdd(database));
  return ids;
}
