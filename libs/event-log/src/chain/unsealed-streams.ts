import type { OwnConnection } from '#platform';
import { STREAM_DIGEST } from './chain-digests.js';
import { MAC_BYTES } from './chain-macs.js';

/** A stream whose head is beyond its last link. */
export type UnsealedStream = {
  streamId: string;
  firstSeq: number;
  /** Of its row in `streams`. */
  digest: Buffer;
  /** The last link, and of which event; null: it has none. */
  last: { seq: number; mac: Buffer } | null;
  head: number;
};

/** So many streams are looked at by one statement. */
const PAGE = 2_000;

const UNSEALED = `select s.stream_id, s.first_seq, ${STREAM_DIGEST} as digest, h.seq as head, r.to_seq, r.mac
  from looked s
  cross join lateral (
    select e.seq from events e where e.stream_id = s.stream_id order by e.seq desc limit 1
  ) h
  left join lateral (
    select r.to_seq, substr(r.macs, length(r.macs) - ${MAC_BYTES - 1}) as mac from chain_runs r
    where r.stream_id = s.stream_id order by r.from_seq desc limit 1
  ) r on true
  where h.seq > coalesce(r.to_seq, 0)
  order by s.stream_id`;
// each by itself: joined, a page of them went over all streams there are
const GIVEN = `with looked as (
    select s.* from unnest($1::uuid[]) as i (id)
    cross join lateral (select * from streams where stream_id = i.id offset 0) s
  ) ${UNSEALED}`;
const PAGED = `with looked as (select * from streams where stream_id > $1 order by stream_id limit ${PAGE}) ${UNSEALED}`;
const PAGE_END = `select max(stream_id::text)::uuid as id from
  (select stream_id from streams where stream_id > $1 order by stream_id limit ${PAGE}) page`;
const RECENT = 'select distinct stream_id from events where recorded_at >= $1';
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Of all streams, page by page. */
export async function* allUnsealed(connection: OwnConnection): AsyncGenerator<UnsealedStream[]> {
  for (let after: string | null = FIRST_ID; ;) {
    const end: string | null = (await connection.query(PAGE_END, [after])).rows[0].id;
    if (end === null) return;
    yield (await connection.query(PAGED, [after])).rows.map(unsealedOf);
    after = end;
  }
}

/** Of the streams that grew since a time of the database's clock. */
export async function* unsealedSince(
  connection: OwnConnection,
  since: string,
): AsyncGenerator<UnsealedStream[]> {
  const { rows } = await connection.query(RECENT, [since]);
  const ids = rows.map((row) => row.stream_id as string);
  for (let at = 0; at < ids.length; at += PAGE) {
    yield (await connection.query(GIVEN, [ids.slice(at, at + PAGE)])).rows.map(unsealedOf);
  }
}

function unsealedOf(row: Record<string, unknown>): UnsealedStream {
  return {
    streamId: row.stream_id as string,
    firstSeq: row.first_seq as number,
    digest: row.digest as Buffer,
    last: row.to_seq === null ? null : { seq: row.to_seq as number, mac: row.mac as Buffer },
    head: row.head as number,
  };
}
