import type { OwnConnection } from '#platform';
import { ArchiveRefused } from '../archive-refused.js';
import { archivedTable } from '../tables.js';
import type { ExportedTable } from './export-format.js';

/** What an import added. */
export type Added = { streams: number; events: number; blobs: number };

const HOLEY = `select s.stream_id from import_streams s
  left join lateral (
    select count(*) as count, min(seq) as low, max(seq) as high from import_events e where e.stream_id = s.stream_id
  ) e on true
  where e.count = 0 or e.low <> s.first_seq or e.high - e.low + 1 <> e.count limit 1`;
const STRAY = `select stream_id from import_events e
  where not exists (select from import_streams s where s.stream_id = e.stream_id) limit 1`;
const ADD_TURNS = `insert into turns select t.* from import_turns t
  where t.stream_id in (select stream_id from import_grown) on conflict (stream_id) do nothing`;
const ADD_PENDING = `insert into pending as w (stream_id, tenant_id, seq, since)
  select s.stream_id, s.tenant_id, e.seq, now() from import_grown g join streams s using (stream_id)
  cross join lateral (
    select seq from events where stream_id = s.stream_id and type <> 'StreamDeltaReceived' order by seq desc limit 1
  ) e
  order by s.stream_id
  on conflict (stream_id) do update set seq = greatest(w.seq, excluded.seq)`;

/**
 * Adds what was staged to the log, in the caller's transaction. What is there already must be the very same; a stream of which
 * the log has only the beginning is gone on with.
 * @throws ArchiveRefused naming the first difference.
 */
export async function mergeImport(connection: OwnConnection): Promise<Added> {
  await requireWhole(connection);
  await requireSame(connection, 'streams', ['stream_id']);
  await requireSame(connection, 'events', ['stream_id', 'seq']);
  await requireSame(connection, 'entities', ['id']);
  await connection.query(`create temp table import_grown on commit drop as
    select i.stream_id from import_streams i where (select max(seq) from import_events e where e.stream_id = i.stream_id)
      > coalesce((select max(seq) from events e where e.stream_id = i.stream_id), 0)`);
  const streams = await add(connection, 'streams', ['stream_id']);
  const blobs = await add(connection, 'blobs', ['tenant_id', 'sha256']);
  const events = await add(connection, 'events', ['stream_id', 'seq']);
  await add(connection, 'entities', ['id']);
  // a turn that was open may have ended in what was added
  await connection.query('delete from turns t using import_grown g where t.stream_id = g.stream_id');
  await connection.query(ADD_TURNS);
  await connection.query(ADD_PENDING);
  return { streams, events, blobs };
}

async function requireWhole(connection: OwnConnection): Promise<void> {
  const [holey] = (await connection.query(HOLEY)).rows;
  if (holey) damaged(`events of stream ${holey.stream_id} are missing`);
  const [stray] = (await connection.query(STRAY)).rows;
  if (stray) damaged(`it has events of ${stray.stream_id}, which it does not describe`);
}

async function requireSame(connection: OwnConnection, table: ExportedTable, key: string[]): Promise<void> {
  const { columns, json = [] } = archivedTable(table);
  const row = (alias: string) =>
    columns.map((column) => `${alias}.${column}${json.includes(column) ? '::text' : ''}`).join(', ');
  const { rows } = await connection.query(
    `select ${key.map((column) => `i.${column}`).join(', ')} from import_${table} i join ${table} t using (${key.join(', ')})
     where row(${row('i')}) is distinct from row(${row('t')}) order by ${key.map((column) => `i.${column}`).join(', ')} limit 1`,
  );
  const [found] = rows as Record<string, string | number>[];
  if (!found) return;
  const which = key.map((column) => `${column} ${found[column]}`).join(', ');
  throw new ArchiveRefused(
    'different',
    `the log has something else in ${table} at ${which} than the export: nothing was imported`,
  );
}

async function add(connection: OwnConnection, table: ExportedTable, key: string[]): Promise<number> {
  const columns = archivedTable(table).columns.join(', ');
  const same = key.map((column) => `t.${column} = i.${column}`).join(' and ');
  const order = key.map((column) => `i.${column}`).join(', ');
  const { rowCount } = await connection.query(
    `insert into ${table} (${columns}) select ${columns} from import_${table} i
     where not exists (select from ${table} t where ${same}) order by ${order}`,
  );
  return rowCount ?? 0;
}

function damaged(what: string): never {
  throw new ArchiveRefused('damaged', `the export is damaged: ${what}`);
}
