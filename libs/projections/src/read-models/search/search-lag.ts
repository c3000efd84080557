import type { Queryable } from '#platform';
import type { Reader } from '../../reading/reader.js';

/** How far a search was behind the log, for its reader. */
export type SearchLag = {
  /** Events of the reader's conversations that no hit can come from yet. */
  events: number;
  /** For how long the oldest of them has waited, by the database's clock; 0: none does. */
  seconds: number;
  /** More than 1,000 conversations are behind: there is more lag than the figures say. */
  atLeast: boolean;
};

const MOST = 1_000;

/** Of the snapshot that the hits are read in. Parked streams count: nobody finds what they lack either. */
export async function searchLag(
  q: Queryable,
  { tenantId, userId }: Reader,
  generation: number,
): Promise<SearchLag> {
  const [lag] = await q.query<SearchLag & { streams: number }>(
    `select coalesce(sum(l.head - l.seq), 0)::bigint as events, count(*)::integer as streams,
       greatest(0, coalesce(extract(epoch from clock_timestamp() - min(l.since)), 0))::float8 as seconds
     from (
       select h.head, b.since, coalesce(c.seq, s.first_seq - 1) as seq
       from (
         select stream_id, since from pending where tenant_id = $1
         union all
         select k.stream_id, k.parked_at from parked k
         where k.tenant_id = $1 and k.projection = 'search' and k.generation = $2
           and not exists (select from pending p where p.stream_id = k.stream_id)
       ) b
       cross join lateral (
         select s.first_seq from streams s
         where s.stream_id = b.stream_id and s.kind = 'conversation' and ($3::text is null or s.owner_id = $3) limit 1
       ) s
       cross join lateral (
         select e.seq as head from events e where e.stream_id = b.stream_id order by e.seq desc limit 1
       ) h
       left join projection_checkpoints c
         on c.projection = 'search' and c.generation = $2 and c.stream_id = b.stream_id
       where h.head > coalesce(c.seq, s.first_seq - 1)
       order by b.since limit ${MOST + 1}
     ) l`,
    [tenantId, generation, userId ?? null],
  );
  const { events = 0, seconds = 0, streams = 0 } = lag ?? {};
  return { events, seconds, atLeast: streams > MOST };
}
