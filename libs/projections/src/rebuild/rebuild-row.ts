import type { Rebuild } from './rebuild.js';

/** A rebuild as the table has it, with the sums over its buckets. */
export type RebuildRow = {
  id: string;
  projection: string;
  generation: number;
  version: number;
  live_generation: number | null;
  status: Rebuild['status'];
  phase: Rebuild['phase'];
  dry_run: boolean;
  accept_diff: boolean;
  requested_by: string;
  streams_total: number;
  streams: number;
  events: number;
  rows: number;
  compared: number;
  differing: number | null;
  error: string | null;
  started_at: string;
  ended_at: string | null;
  copy_seconds: number;
  later_seconds: number;
};

export function rebuildOfRow(row: RebuildRow): Rebuild {
  return {
    id: row.id,
    projection: row.projection,
    generation: row.generation,
    version: row.version,
    liveGeneration: row.live_generation,
    status: row.status,
    phase: row.phase,
    dryRun: row.dry_run,
    acceptDiff: row.accept_diff,
    requestedBy: row.requested_by,
    streamsTotal: row.streams_total,
    streamsDone: row.streams,
    events: row.events,
    rows: row.rows,
    compared: row.compared,
    differing: row.differing,
    error: row.error,
    rate: row.copy_seconds > 0 ? Math.round(row.events / row.copy_seconds) : 0,
    etaSeconds: etaOf(row),
    startedAt: row.started_at,
    endedAt: row.ended_at,
  };
}

/** Each phase goes over all streams: what is left takes as long a stream as what is done. */
function etaOf(row: RebuildRow): number | null {
  const { phase, status, streams_total: total } = row;
  const [done, seconds] =
    phase === 'copying' ? [row.streams, row.copy_seconds] : [row.compared, row.later_seconds];
  if (status !== 'running' || done === 0 || phase === 'over') return null;
  return Math.max(0, Math.round(((total - done) / done) * seconds));
}
