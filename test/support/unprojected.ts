import type { Queryable } from '#platform';

/** What is not projected, by the database: nothing here means that reads are rows alone. */
export type Unprojected = {
  pending: number;
  parked: number;
  /** Live projections of streams whose checkpoint is below the last event that is no delta. */
  behind: number;
};

export async function unprojected(q: Queryable): Promise<Unprojected> {
  const [row] = await q.query<Unprojected>(
    `select (select count(*) from pending)::int as pending, (select count(*) from parked)::int as parked,
       (select count(*) from streams s
        join projection_generations g on g.stream_kind = s.kind and g.status = 'live'
        left join projection_checkpoints c
          on c.projection = g.projection and c.generation = g.generation and c.stream_id = s.stream_id
        where coalesce(c.seq, 0) < (
          select max(e.seq) from events e where e.stream_id = s.stream_id and e.type <> 'StreamDeltaReceived'
        ))::int as behind`,
  );
  return row!;
}
