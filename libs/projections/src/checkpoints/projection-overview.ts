import { Injectable } from '@nestjs/common';
import type { StreamKind } from '#event-log';
import { Database } from '#platform';
import { ProjectionRegistry } from '../projection-registry.js';
import type { GenerationStatus } from './generation-catalog.js';

/** What one look goes over at most: pending streams, streams of a generation, parked streams. */
const MOST = 10_000;

/** A built copy of a projection's rows. */
export type GenerationReport = {
  generation: number;
  version: number;
  status: GenerationStatus;
  /** When a process last said that it feeds it. */
  fedAt: string;
  /** Streams that it holds; counted to 10,000, which means so many or more. */
  streams: number;
};

/** How one projection stands. Lag and parked streams are those of the live generation; parked streams are not waited for. */
export type ProjectionReport = {
  projection: string;
  kind: StreamKind;
  /** Oldest first. */
  generations: GenerationReport[];
  /** Events that its rows lack, those of streams that are behind, deltas counted. */
  lagEvents: number;
  /** More than 10,000 streams are behind: there is more lag than the figures say. */
  atLeast: boolean;
  /** For how long the stream that has waited longest has been behind, by the database's clock; 0: none is. */
  lagSeconds: number;
  /** Counted to 10,000. */
  parked: number;
  /** Of the rebuild that is not over. */
  rebuildId: string | null;
};

type LagRow = { projection: string; events: number; seconds: number };

const GENERATIONS = `select g.projection, g.stream_kind as kind, g.generation, g.version, g.status, g.fed_at as "fedAt",
    (select count(*)::integer from (
      select from projection_checkpoints c
      where c.projection = g.projection and c.generation = g.generation limit ${MOST}) c) as streams,
    (select count(*)::integer from (
      select from parked k
      where k.projection = g.projection and k.generation = g.generation limit ${MOST}) k) as parked,
    (select r.id from rebuilds r
      where r.projection = g.projection and r.status in ('running', 'paused', 'awaiting_acceptance')) as "rebuildId"
  from projection_generations g order by g.projection, g.generation`;

/**
 * The oldest pending streams, each with its head looked up once for all projections. Each is looked up by itself (`offset 0`):
 * joined, some hundred of them were reason enough to go over all streams, checkpoints (80,000 rows for 740) and parked streams.
 */
const LAG = `with listed as materialized (
    select p.stream_id, p.seq, p.since, s.kind, s.first_seq - 1 as beginning, h.head
    from (select stream_id, seq, since from pending order by since, stream_id limit ${MOST}) p
    cross join lateral (select kind, first_seq from streams where stream_id = p.stream_id offset 0) s
    cross join lateral (
      select e.seq as head from events e where e.stream_id = p.stream_id order by e.seq desc limit 1) h
  )
  select g.projection, sum(l.head - coalesce(c.seq, l.beginning))::bigint as events,
    greatest(0, extract(epoch from clock_timestamp() - min(l.since)))::float8 as seconds
  from projection_generations g
  join listed l on l.kind = g.stream_kind
  left join lateral (
    select k.seq from projection_checkpoints k
    where k.projection = g.projection and k.generation = g.generation and k.stream_id = l.stream_id offset 0) c on true
  where g.status = 'live' and coalesce(c.seq, l.beginning) < l.seq
    and not exists (
      select from parked k
      where k.projection = g.projection and k.generation = g.generation and k.stream_id = l.stream_id offset 0)
  group by g.projection`;

const MORE = `select exists (select from pending offset ${MOST} limit 1) as more`;

type GenerationRow = GenerationReport & {
  projection: string;
  kind: StreamKind;
  parked: number;
  rebuildId: string | null;
};

/**
 * How far behind every projection is, and what stands in its way. Cheap enough to be asked every few seconds: whatever grows with
 * the log is looked at to a bound.
 */
@Injectable()
export class ProjectionOverview {
  constructor(
    private readonly database: Database,
    private readonly registry: ProjectionRegistry,
  ) {}

  /** The projections that this code has. */
  get names(): readonly string[] {
    return this.registry.names;
  }

  /** Every projection that has a generation, by name, also where only other code has it. One snapshot. */
  all(): Promise<ProjectionReport[]> {
    return this.database.transaction('REPEATABLE READ', async (q) => {
      const rows = await q.query<GenerationRow>(GENERATIONS);
      const lags = new Map((await q.query<LagRow>(LAG)).map((lag) => [lag.projection, lag]));
      const [{ more: atLeast } = { more: false }] = await q.query<{ more: boolean }>(MORE);
      const names = [...new Set(rows.map(({ projection }) => projection))];
      return names.map((name) => {
        const own = rows.filter(({ projection }) => projection === name);
        return { ...reportOf(name, own), ...lagOf(lags.get(name)), atLeast };
      });
    });
  }

  /** The projection's rebuild that is not over. */
  async openRebuild(projection: string): Promise<string | null> {
    const [row] = await this.database.query<{ id: string }>(
      `select id from rebuilds
       where projection = $1 and status in ('running', 'paused', 'awaiting_acceptance')`,
      [projection],
    );
    return row?.id ?? null;
  }
}

function reportOf(
  projection: string,
  rows: GenerationRow[],
): Omit<ProjectionReport, 'lagEvents' | 'lagSeconds' | 'atLeast'> {
  const live = rows.find(({ status }) => status === 'live');
  const { kind, rebuildId } = rows[0]!;
  const generations = rows.map(({ generation, version, status, fedAt, streams }) => {
    return { generation, version, status, fedAt, streams };
  });
  return { projection, kind, generations, parked: live?.parked ?? 0, rebuildId };
}

function lagOf(lag: LagRow | undefined): Pick<ProjectionReport, 'lagEvents' | 'lagSeconds'> {
  return { lagEvents: lag?.events ?? 0, lagSeconds: lag?.seconds ?? 0 };
}
