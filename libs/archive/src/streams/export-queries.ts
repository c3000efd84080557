import type { OwnConnection } from '#platform';
import { archivedTable, columnsOf } from '../tables.js';
import type { ExportedTable } from './export-format.js';

const CREATE =
  'create temp table exported (stream_id uuid primary key, up_to bigint not null) on commit drop';
const CHOOSE = `with mine as (select * from streams where stream_id = $1), put as (
    insert into exported
    select stream_id, (select max(seq) from events where stream_id = $1) from mine
    union all
    select (a ->> 'streamId')::uuid, (a ->> 'upTo')::bigint from mine, json_array_elements(lineage) a
  )
  select kind from mine`;
const ENCRYPTED = `select e.stream_id, e.seq from exported x
  join events e on e.stream_id = x.stream_id and e.seq <= x.up_to where e.key_id is not null limit 1`;
/** Contents are named by files that were written, and by large results of tools. Text within a text has its quotes escaped. */
const NAMED_BLOBS = `create temp table exported_blobs on commit drop as
  select distinct m.found[1] as sha256 from exported x
  join events e on e.stream_id = x.stream_id and e.seq <= x.up_to and e.type <> 'StreamDeltaReceived'
  cross join lateral regexp_matches(e.data::text, '"sha256"\\s*:\\s*"([0-9a-f]{64})"', 'g') as m (found)
  where e.type in ('FileWritten', 'ToolCallSucceeded')`;

/**
 * The streams of an export and the seq up to which each one counts, into the temporary table `exported`: the stream itself to
 * its head, the ancestors that its lineage names up to their seams. Gives the kind, null where there is no such stream, and
 * an event that is encrypted, as nobody can tell what it names.
 */
export async function chooseStreams(
  connection: OwnConnection,
  streamId: string,
): Promise<{ kind: string; encrypted: { stream_id: string; seq: number } | null } | null> {
  await connection.query(CREATE);
  const [mine] = (await connection.query(CHOOSE, [streamId])).rows as { kind: string }[];
  if (!mine) return null;
  const [encrypted] = (await connection.query(ENCRYPTED)).rows;
  await connection.query(NAMED_BLOBS);
  return { kind: mine.kind, encrypted: encrypted ?? null };
}

/** The rows of one table that belong to the chosen streams. */
export function exportQuery(table: ExportedTable): string {
  return `select ${columnsOf(archivedTable(table), 't')} from ${QUERIES[table]}`;
}

/**
 * Made of the events, not of the table: an ancestor may be cut in the middle of a turn that went on. Without the row the log that
 * it is imported into would wait for the turn's end for ever; with it the reaper there ends it.
 */
const TURNS = `(
    select x.stream_id, substring(r.data::text from '"turnId"\\s*:\\s*"([0-9a-f-]{36})"')::uuid as turn_id,
      null::text as owner, r.recorded_at as lease_until, r.recorded_at as requested_at, 0 as attempts
    from exported x
    cross join lateral (
      select data, type, recorded_at from events e where e.stream_id = x.stream_id and e.seq <= x.up_to
        and e.type <> 'StreamDeltaReceived' and e.type like 'Turn%' order by e.seq desc limit 1
    ) r
    where r.type in ('TurnRequested', 'TurnStarted')
  ) t where t.turn_id is not null order by t.stream_id`;

const QUERIES: Record<ExportedTable, string> = {
  streams: 'streams t join exported x using (stream_id) order by t.first_seq, t.stream_id',
  blobs: `blobs t join exported_blobs b using (sha256) where t.tenant_id in
    (select s.tenant_id from exported x join streams s using (stream_id)) order by t.tenant_id, t.sha256`,
  events: `(select * from exported order by up_to, stream_id) x
    cross join lateral (select * from events e where e.stream_id = x.stream_id and e.seq <= x.up_to order by e.seq) t`,
  // no index leads from a stream to its ids: all of them may be read
  entities: 'entities t join exported x on x.stream_id = t.stream_id and t.seq <= x.up_to order by t.id',
  turns: TURNS,
};
