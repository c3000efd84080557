import { Injectable, Logger } from '@nestjs/common';
import { Database } from '#platform';
import { isFed } from '../checkpoints/generation-catalog.js';
import type { ProjectionName } from '../projection.js';

export type RepairRequest = {
  /** Look at this generation alone, whatever its status; also streams that it has nothing of count as behind. */
  generation?: { projection: ProjectionName; generation: number };
  /** Ends between two pages. */
  signal?: AbortSignal;
};

/** Streams looked at in one statement: a probe of the log and one a generation each, some 30 ms. */
const PAGE = 500;

type Looked = { stream_id: string; tenant_id: string; head: number; behind: boolean };

const countsFor = `${isFed} and (g.status <> 'building' or g.copied_at is not null or c.stream_id is not null)`;

/**
 * Heads without deltas: those alone hold no stream on the list. A stream of nothing else has none to be projected. `offset 0`: a
 * look-up a stream, where the whole list would be gone over for each page.
 */
const looked = (counts: string): string => `
  select s.stream_id, s.tenant_id, coalesce(h.seq, 0) as head,
    h.seq is not null and not exists (select from pending p where p.stream_id = s.stream_id offset 0) and exists (
      select from projection_generations g
      left join projection_checkpoints c
        on c.projection = g.projection and c.generation = g.generation and c.stream_id = s.stream_id
      where g.stream_kind = s.kind and ${counts} and coalesce(c.seq, 0) < h.seq
        and not exists (
          select from parked k
          where k.projection = g.projection and k.generation = g.generation and k.stream_id = s.stream_id)
    ) as behind
  from (select stream_id, tenant_id, kind from streams where stream_id > $1 order by stream_id limit $2) s
  left join lateral (
    select e.seq from events e where e.stream_id = s.stream_id and e.type <> 'StreamDeltaReceived'
    order by e.seq desc limit 1
  ) h on true
  order by s.stream_id`;

/**
 * Puts every stream that is behind in some fed generation, and stands on no list, back on the work list: what a lost or wrongly
 * settled row would have hidden. Parked streams are on a list of their own. Harmless beside live traffic, and to repeat.
 */
@Injectable()
export class PendingRepair {
  private readonly logger = new Logger('PendingRepair');

  constructor(private readonly database: Database) {}

  /** Goes over all streams in pages. Gives how many it has listed anew. @throws the database's error */
  async repair({ generation, signal }: RepairRequest = {}): Promise<number> {
    const counts = generation ? 'g.projection = $3 and g.generation = $4' : countsFor;
    const values = generation ? [generation.projection, generation.generation] : [];
    const sql = looked(counts);
    let listed = 0;
    let after = '00000000-0000-0000-0000-000000000000';
    for (let more = true; more;) {
      if (signal?.aborted) break;
      const page = await this.database.query<Looked>(sql, [after, PAGE, ...values]);
      listed += await this.list(page.filter(({ behind }) => behind));
      after = page.at(-1)?.stream_id ?? after;
      more = page.length === PAGE;
    }
    // of one generation that is what is wanted
    if (listed > 0 && !generation)
      this.logger.warn(`${listed} streams were behind and on no list: they are listed again`);
    return listed;
  }

  /** In the order of the streams, as appends take these rows too; one that was appended to meanwhile stands there already. */
  private async list(behind: Looked[]): Promise<number> {
    if (behind.length === 0) return 0;
    const rows = await this.database.query(
      `insert into pending (stream_id, tenant_id, seq, since)
       select n.stream_id, n.tenant_id, n.seq, clock_timestamp()
       from unnest($1::uuid[], $2::text[], $3::bigint[]) as n (stream_id, tenant_id, seq) order by n.stream_id
       on conflict (stream_id) do nothing returning 1`,
      [
        behind.map(({ stream_id }) => stream_id),
        behind.map(({ tenant_id }) => tenant_id),
        behind.map(({ head }) => head),
      ],
    );
    return rows.length;
  }
}
