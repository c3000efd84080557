import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Database, Queryable } from './database.js';
import { RecentTimes } from './recent-times.js';
import { releaseName } from './release.js';

/** What a process last said of itself. Times are the 95th percentile of the last seconds in ms; null: nothing was measured. */
export type ProcessReport = {
  processId: string;
  /** `all`, `api`, `worker`, or what a program calls itself. */
  role: string;
  host: string;
  pid: number;
  release: string;
  startedAt: string;
  at: string;
  requestMs: number | null;
  commitMs: number | null;
  loopMs: number | null;
};

const REPORT_EVERY_MS = 1_000;
const LOOP_RESOLUTION_MS = 20;
const SHARE = 0.95;

/** An unlogged table: its commit waits for no disk. Rows that others are deleting are left to them. */
const SAY = `WITH gone AS (
  DELETE FROM process_reports WHERE process_id IN (
    SELECT process_id FROM process_reports WHERE at < clock_timestamp() - interval '1 minute' AND process_id <> $1
    FOR UPDATE SKIP LOCKED))
INSERT INTO process_reports (process_id, role, host, pid, release, started_at, request_ms, commit_ms, loop_ms)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (process_id) DO UPDATE SET at = clock_timestamp(),
  request_ms = excluded.request_ms, commit_ms = excluded.commit_ms, loop_ms = excluded.loop_ms`;

const RECENT = `SELECT process_id AS "processId", role, host, pid, release, started_at AS "startedAt", at,
  request_ms AS "requestMs", commit_ms AS "commitMs", loop_ms AS "loopMs"
FROM process_reports WHERE at > clock_timestamp() - interval '5 seconds' ORDER BY role, host, pid, process_id`;

/**
 * Says about every second how this process is doing, and tells what all of them say: whoever works in the background slows
 * down by it. A report that cannot be written is left out; it never fails its process.
 */
export class ProcessReports implements OnApplicationBootstrap, OnModuleDestroy {
  readonly processId = randomUUID();
  private readonly logger = new Logger('ProcessReports');
  private readonly startedAt = new Date();
  private readonly requests = new RecentTimes();
  private readonly commits = new RecentTimes();
  private readonly loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  private readonly release = releaseName();
  private timer?: NodeJS.Timeout;
  private writing: Promise<void> | null = null;
  private failing = false;

  constructor(
    private readonly database: Database,
    private readonly role: string,
  ) {}

  /** A request that ended after so long. A stream lasts for as long as its reader likes, and does not count. */
  observeRequest(ms: number): void {
    this.requests.add(ms);
  }

  /** A group commit that took so long. */
  observeCommit(ms: number): void {
    this.commits.add(ms);
  }

  /** What the processes said in the last 5 s, by the database's clock; this one among them. */
  recent(q: Queryable = this.database): Promise<ProcessReport[]> {
    return q.query<ProcessReport>(RECENT);
  }

  /** Reports from now on. */
  onApplicationBootstrap(): void {
    this.loop.enable();
    this.timer = setInterval(() => {
      // one that takes longer than a second is not joined by another
      this.writing ??= this.say().finally(() => (this.writing = null));
    }, REPORT_EVERY_MS).unref();
  }

  /** The last word: this process is gone. */
  async onModuleDestroy(): Promise<void> {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.loop.disable();
    await this.writing;
    await this.attempt(() =>
      this.database.query('DELETE FROM process_reports WHERE process_id = $1', [this.processId]),
    );
  }

  private async say(): Promise<void> {
    const times = [this.requests.percentile(SHARE), this.commits.percentile(SHARE), this.loopMs()];
    const about = [this.processId, this.role, hostname(), process.pid, this.release, this.startedAt];
    await this.attempt(() => this.database.query(SAY, [...about, ...times]));
  }

  /** What a turn of the event loop took beyond the timer's own resolution. */
  private loopMs(): number | null {
    const delay = this.loop.percentile(SHARE * 100) / 1e6 - LOOP_RESOLUTION_MS;
    const measured = this.loop.count > 0;
    this.loop.reset();
    return measured ? Math.max(0, delay) : null;
  }

  /** Told once an outage: whatever else needs the database says so more loudly. */
  private async attempt(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.logger.debug(`not reported: ${(error as Error).message}`);
      this.failing = true;
    }
  }
}
