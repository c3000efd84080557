import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Backups, ScheduledBackups } from '#archive';
import { ChainSealer } from '#event-log';
import { currentVersions, type DomainEvent } from '#model';
import { migrate, schemaState, withOwnConnection } from '#platform';
import { ChainMacs } from '../../../libs/event-log/src/chain/chain-macs.js';
import { OldestUnprojected } from '../../../libs/projections/src/checkpoints/oldest-unprojected.js';
import { ProjectionOverview } from '../../../libs/projections/src/checkpoints/projection-overview.js';
import { foldVersionOf } from '../../../libs/projections/src/fold-version.js';
import { HourlyRepair } from '../../../libs/projections/src/running/hourly-repair.js';
import { randomStream } from '../../../libs/projections/src/verify/stream-ids.js';
import { ApiClient } from '../../support/api-client.js';
import { startConversation } from '../../support/conversation-probe.js';
import { copyConversation, copyId } from '../../support/many-streams.js';
import { nameOf, offencesOf, polledStatements } from '../../support/polled-statements.js';
import { type OwnPostgres, startOwnPostgres } from '../../support/postgres.js';
import {
  appendLogged,
  newStreamId,
  projectionProcess,
  type ProjectionProcess,
} from '../../support/projections.js';
import { startServer, type TestServer } from '../../support/server.js';
import { ServerPlans, watchableSettings } from '../../support/server-plans.js';

/** Of ten events each. */
const STREAMS = 20_000;
const CHAIN_KEY = 'a-key-of-thirty-two-characters-or-more';
/** The janitor of generations looks every 15 s, the slowest of all. */
const WATCHED_MS = 17_000;

jest.setTimeout(180_000);

let postgres: OwnPostgres;
let plans: ServerPlans;
let own: ProjectionProcess;
let server: TestServer;
const backupDir = mkdtemp(join(tmpdir(), 'chatlog-test-'));

beforeAll(async () => {
  postgres = await startOwnPostgres({ settings: watchableSettings });
  plans = new ServerPlans(postgres.url, postgres.dataDir);
  await migrate({ url: postgres.url });
  own = await projectionProcess(postgres.url);
  const streamId = newStreamId();
  const events = conversationOf((n) => `${streamId.slice(0, 24)}${String(n).padStart(12, '0')}`);
  const logged = events.map(({ type, data }, n) => {
    return { seq: n + 1, type, data, at: '', schemaVersion: currentVersions[type], metadata: {} };
  });
  await appendLogged(own.log, streamId, logged);
  await own.runner.project(streamId);
  await copyConversation(own.database, streamId, STREAMS);
  await fillTables();
  await new ChainSealer(own.database, { chainKey: CHAIN_KEY, sealMs: 1 }).sealAll();
  await withOwnConnection(postgres.url, 'vacuum', (connection) => connection.query('vacuum analyze'));
  server = await startServer({
    env: {
      DATABASE_URL: postgres.url,
      CHATLOG_CHAIN_KEY: CHAIN_KEY,
      CHATLOG_SEAL_MS: '500',
      CHATLOG_PING_MS: '1000',
      CHATLOG_AUDIT_MS_PER_MINUTE: '60000',
    },
  });
}, 240_000);

afterAll(async () => {
  await server?.stop();
  await own?.close();
  await postgres?.stop();
  await rm(await backupDir, { recursive: true, force: true });
});

const renamed = (n: number): DomainEvent => ({ type: 'ConversationRenamed', data: { title: `${n}` } });

function conversationOf(id: (n: number) => string): DomainEvent[] {
  const posted = (n: number, parentId: string | null): DomainEvent => {
    const content = [{ type: 'text', text: `Hello ${n}` }];
    return { type: 'MessagePosted', data: { messageId: id(n), parentId, role: 'user', content } };
  };
  const renames = Array.from({ length: 7 }, (_, n) => renamed(n));
  return [{ type: 'ConversationStarted', data: {} }, posted(1, null), posted(2, id(1)), ...renames];
}

const say = (sql: string, values?: unknown[]) => own.database.query(sql, values);

/**
 * What is behind, parked, open: thousands, and nothing that anybody would begin to work at. Streams on the work list wait since
 * an hour that is still to come; leases of turns run for an hour.
 */
async function fillTables(): Promise<void> {
  const parkedIn = ['messages', 'conversations'].map((name) => own.registry.newest(name)!);
  await say(`insert into pending (stream_id, tenant_id, seq, since)
    select ${copyId('n')}, 'tenant', 11, now() + interval '1 hour' + n * interval '1 second' from generate_series(1, 3000) n`);
  await say(`with opened as (
      insert into turns (stream_id, turn_id, owner, lease_until, requested_at)
      select ${copyId('n')}, gen_random_uuid(), 'another', now() + interval '1 hour', now() from generate_series(1, 300) n
      returning stream_id, turn_id)
    insert into entities (id, stream_id, seq) select turn_id, stream_id, 9 from opened`);
  // the first fifty that are behind are parked, and many that are not behind
  await say(
    `insert into parked (projection, generation, stream_id, tenant_id, fold_version, seq, error, attempts, event_type, fingerprint)
     select p.name, 1, ${copyId('n')}, 'local', p.fold, 1, 'a fault', 3, 'MessagePosted', 'fault ' || n % 7
     from generate_series(1, 20000) n, unnest($1::text[], $2::text[]) as p (name, fold) where n <= 50 or n > 4000`,
    [parkedIn.map(({ name }) => name), parkedIn.map(foldVersionOf)],
  );
  await say(`insert into fold_attempts (projection, generation, stream_id, attempts)
    select projection, generation, stream_id, 3 from parked`);
  await say(`insert into commands (tenant_id, principal, command_id, body_sha256, stream_id, seq_to, result, at)
    select 'local', 'owner', 'key ' || n, '', ${copyId('n')}, 1, '{}', now() from generate_series(1, 5000) n`);
  await say(`insert into rebuilds (id, projection, generation, version, status, phase, dry_run, accept_diff, requested_by)
    select gen_random_uuid(), 'messages', n + 1, 1,
      case n when 1 then 'awaiting_acceptance' else 'done' end, 'over', true, false, 'ann' from generate_series(1, 200) n`);
  await say(
    'insert into rebuild_buckets (rebuild_id, bucket, done) select id, n, true from rebuilds, generate_series(1, 64) n',
  );
  await say(
    `insert into chain_seals (seal, runs, mac) select n, '', sha256(n::text::bytea) from generate_series(1, 2000) n`,
  );
  const [before] = await say('select mac from chain_seals where seal = 2000');
  const mac = new ChainMacs(CHAIN_KEY).seal(2001, before!.mac as Buffer, Buffer.alloc(0));
  await say(`insert into chain_seals (seal, runs, mac) values (2001, '', $1)`, [mac]);
}

async function firstCopies(count: number): Promise<string[]> {
  const rows = await own.database.query<{ id: string }>(
    `select ${copyId('n')} as id from generate_series(1, $1::integer) n`,
    [count],
  );
  return rows.map(({ id }) => id);
}

/** What one process asks for when its timers, its readers and its scrapers do: beside what an idle service says by itself. */
async function lookOnce(process: ProjectionProcess, streamIds: string[]): Promise<void> {
  const { database, log } = process;
  const [streamId = ''] = streamIds;
  await log.pending(1_000);
  await log.expiredTurns(500);
  await log.renewLease({ streamId, turnId: randomUUID(), owner: 'another', leaseMs: 1_000 });
  await process.runner.begunAmong(streamIds);
  await log.heads(streamIds);
  await log.head(streamId);
  await log.read(streamId, { after: 5, limit: 256 });
  await log.findCommand({ tenantId: 'local', principal: 'owner', commandId: 'key 7' });
  await new OldestUnprojected(database).seconds();
  await new ProjectionOverview(database, process.registry).all();
  await randomStream(database);
}

const ADMIN_PAGE = [
  '/health/ready',
  '/metrics',
  '/api/admin/projections',
  '/api/admin/processes',
  '/api/admin/rebuilds?limit=5',
  '/api/admin/parked/groups',
  '/api/admin/audit?limit=20',
];

/** Whatever is asked for again and again, by a whole service and around it. */
async function everythingPolled(api: ApiClient, streamIds: string[]): Promise<void> {
  for (const path of ADMIN_PAGE) expect([path, (await api.get(path)).status]).toEqual([path, 200]);
  await lookOnce(own, streamIds);
  await new HourlyRepair(own.database, own.repair).runAlone();
  await new ChainSealer(own.database, { chainKey: CHAIN_KEY, sealMs: 1 }).sealAll();
  await schemaState(own.database.pool);
  const at = new Date().toISOString();
  // that a backup reads the whole log is its purpose: here it is only looked whether one is due
  const backups = {
    backup: async () => ({
      manifest: { tables: [], startedAt: at, endedAt: at },
      seconds: 0,
      resumed: false,
    }),
  } as unknown as Backups;
  const settings = { backupDir: await backupDir, backupEveryHours: 24, backupKeep: 7 };
  expect(await new ScheduledBackups(own.database, backups, settings).runOnce()).toBe('made');
  await pause(WATCHED_MS);
}

it('no polled statement goes over a table that grows, and each is on the list', async () => {
  const api = new ApiClient(server.url);
  const followed = await startConversation(api);
  const [rebuild] = (await api.get('/api/admin/rebuilds')).json as { id: string; status: string }[];
  const accept = { accept: 'text/event-stream' };
  const open = [
    await api.open({ path: `/api/conversations/${followed}/stream` }),
    await api.open({ path: `/api/admin/rebuilds/${rebuild!.id}`, headers: accept }),
  ];
  for (const response of open) response.resume();
  // what the new conversation began has been projected and sealed
  await pause(3_000);
  const streamIds = await firstCopies(1_000);
  const seen = await plans.during(() => everythingPolled(api, streamIds));
  for (const response of open) response.destroy();
  const offences = new Set(seen.flatMap(offencesOf).map(({ name, what }) => `${name}: ${what}`));
  expect([...offences]).toEqual([]);
  const names = new Set(seen.map(nameOf));
  expect(polledStatements.map(({ name }) => name).filter((name) => !names.has(name))).toEqual([]);
});

it('and without an index to go by, each would be found', async () => {
  await server.stop();
  // that it takes seconds and not minutes
  await say(
    `delete from pending where since > now() + interval '1 hour' - interval '5 minutes' + interval '70 seconds'`,
  );
  await say('delete from turns where stream_id not in (select stream_id from turns limit 10)');
  await say(`update turns set lease_until = now() - interval '1 second'`);
  const off = ['enable_indexscan', 'enable_indexonlyscan', 'enable_bitmapscan', 'enable_tidscan'];
  const name = new URL(postgres.url).pathname.slice(1);
  for (const setting of off) await say(`alter database ${name} set ${setting} = off`);
  const blind = await projectionProcess(postgres.url);
  try {
    const streamIds = await firstCopies(20);
    const seen = await plans.during(() => lookOnce(blind, streamIds));
    const found = seen.flatMap(offencesOf).filter(({ what }) => what.startsWith('goes over all of'));
    expect([...new Set(found.map((offence) => offence.name))].toSorted()).toEqual([
      'answer of a command',
      'events after a cursor',
      'folds that were begun',
      'generations and their sizes',
      'head of a stream',
      'heads of watched streams',
      'lag',
      'more lag than counted',
      'oldest unprojected',
      'open turns',
      'stream',
      'stream of chance',
      'work list',
    ]);
  } finally {
    await blind.close();
  }
});
