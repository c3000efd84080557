import { Injectable } from '@nestjs/common';
import { Database, type Queryable } from '#platform';
import { rebuildOfRow, type RebuildRow } from './rebuild-row.js';
import type { Rebuild, RebuildDifference, RebuildPhase, RebuildStatus } from './rebuild.js';

/** A range of streams by id, (after, upTo]; null: open. `cursor`: the last one copied. */
export type Bucket = {
  bucket: number;
  after: string | null;
  upTo: string | null;
  cursor: string | null;
};

/** What a move of a rebuild begins at: it happens only from one of these. */
export type RebuildMove = {
  from: readonly RebuildStatus[];
  to: RebuildStatus;
  phase?: RebuildPhase;
  error?: string;
};

/** Streams looked at in the phase that runs, and those that differ; null: not known. */
export type RebuildProgress = { compared: number; differing: number | null };

/** A rebuild keeps at most so many differences: the first ones tell what is wrong. */
const MOST_DIFFERENCES = 500;

const selectFrom = (rebuilds: string): string => `select r.*, b.streams, b.events, b.rows,
    extract(epoch from coalesce(r.copied_at, r.ended_at, clock_timestamp()) - r.started_at)::float8 as copy_seconds,
    extract(epoch from coalesce(r.ended_at, clock_timestamp()) - coalesce(r.copied_at, r.started_at))::float8 as later_seconds
  from ${rebuilds} r cross join lateral (
    select coalesce(sum(streams), 0)::bigint as streams, coalesce(sum(events), 0)::bigint as events,
      coalesce(sum(rows), 0)::bigint as rows
    from rebuild_buckets b where b.rebuild_id = r.id
  ) b`;
const SELECT = selectFrom('rebuilds');
/** The newest alone are asked how far their buckets are. */
const NEWEST = `${selectFrom('(select * from rebuilds order by started_at desc, id limit $1)')} order by r.started_at desc, r.id`;

/** The stored state of rebuilds: all that a process needs to go on where another one was killed. */
@Injectable()
export class RebuildStore {
  constructor(private readonly database: Database) {}

  async find(id: string): Promise<Rebuild | null> {
    const [row] = await this.database.query<RebuildRow>(`${SELECT} where r.id = $1`, [id]);
    return row ? rebuildOfRow(row) : null;
  }

  async open(projection: string): Promise<Rebuild | null> {
    const [row] = await this.database.query<RebuildRow>(
      `${SELECT} where r.projection = $1 and r.status in ('running', 'paused', 'awaiting_acceptance')`,
      [projection],
    );
    return row ? rebuildOfRow(row) : null;
  }

  /** Newest first. */
  async list(limit: number): Promise<Rebuild[]> {
    const rows = await this.database.query<RebuildRow>(NEWEST, [limit]);
    return rows.map(rebuildOfRow);
  }

  async running(): Promise<Rebuild[]> {
    const rows = await this.database.query<RebuildRow>(
      `${SELECT} where r.status = 'running' order by r.started_at`,
    );
    return rows.map(rebuildOfRow);
  }

  /** Buckets with streams still to be copied. */
  openBuckets(rebuildId: string): Promise<Bucket[]> {
    return this.database.query<Bucket>(
      `select bucket, after_id as "after", up_to_id as "upTo", cursor from rebuild_buckets
       where rebuild_id = $1 and not done order by bucket`,
      [rebuildId],
    );
  }

  /** How long requests took before it began; null: nobody knew. */
  async baseline(id: string): Promise<number | null> {
    const [row] = await this.database.query<{ ms: number | null }>(
      'select baseline_ms as ms from rebuilds where id = $1',
      [id],
    );
    return row?.ms ?? null;
  }

  /** False when it is at none of the states that the move begins at: someone was faster. */
  async move(
    id: string,
    { from, to, phase, error }: RebuildMove,
    q: Queryable = this.database,
  ): Promise<boolean> {
    const rows = await q.query(
      `update rebuilds set status = $3, phase = coalesce($4, phase), error = coalesce($5, error),
         ended_at = case when $3 in ('done', 'cancelled', 'failed') then clock_timestamp() end
       where id = $1 and status = any ($2) returning 1 as moved`,
      [id, from, to, phase ?? null, error ?? null],
    );
    return rows.length === 1;
  }

  /** The phase that runs now; one that goes over all streams begins at none. */
  async enter(id: string, phase: RebuildPhase): Promise<void> {
    await this.database.query(
      `update rebuilds set phase = $2, compared = case when $2 = 'flipping' then compared else 0 end
       where id = $1 and status = 'running'`,
      [id, phase],
    );
  }

  /** False when the rebuild runs no more. */
  async noteProgress(id: string, { compared, differing }: RebuildProgress): Promise<boolean> {
    const rows = await this.database.query(
      `update rebuilds set compared = $2, differing = coalesce($3, differing)
       where id = $1 and status = 'running' returning 1 as noted`,
      [id, compared, differing],
    );
    return rows.length === 1;
  }

  async noteDifference(id: string, { streamId, against, difference }: RebuildDifference): Promise<void> {
    await this.database.query(
      `insert into rebuild_differences (rebuild_id, stream_id, against, difference)
       select $1, $2, $3, $4 where (select count(*) from rebuild_differences where rebuild_id = $1) < ${MOST_DIFFERENCES}
       on conflict (rebuild_id, stream_id, against) do update set difference = excluded.difference`,
      [id, streamId, against, JSON.stringify(difference)],
    );
  }

  async forgetDifferences(id: string): Promise<void> {
    await this.database.query('delete from rebuild_differences where rebuild_id = $1', [id]);
  }

  differences(id: string, limit: number): Promise<RebuildDifference[]> {
    return this.database.query<RebuildDifference>(
      `select stream_id as "streamId", against, difference from rebuild_differences
       where rebuild_id = $1 order by stream_id, against limit $2`,
      [id, limit],
    );
  }
}
