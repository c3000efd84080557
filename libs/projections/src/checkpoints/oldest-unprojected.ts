import type { Queryable } from '#platform';

/**
 * Parked streams wait for a person: the others must not look late by them. From the oldest on, a look-up a generation each, until
 * there is one: `offset 0` keeps it from being a join of the whole work list, which in an outage is as long as the log.
 */
const OLDEST = `select extract(epoch from clock_timestamp() - p.since)::float8 as seconds from pending p
  where not exists (
    select from projection_generations g
    join parked k on k.projection = g.projection and k.generation = g.generation
    where k.stream_id = p.stream_id offset 0)
  order by p.since limit 1`;

/** The health of all workers together, in one number. That a worker runs says nothing: one that is stuck runs too. */
export class OldestUnprojected {
  constructor(private readonly database: Queryable) {}

  /** Age of the oldest event that waits for a projection, by the database's clock; 0: none waits. */
  async seconds(): Promise<number> {
    const [oldest] = await this.database.query<{ seconds: number }>(OLDEST);
    return Math.max(0, oldest?.seconds ?? 0);
  }
}
