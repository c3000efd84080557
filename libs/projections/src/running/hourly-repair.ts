import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '#platform';
import { PendingRepair } from './pending-repair.js';

const HOUR_MS = 3_600_000;
/** Held while one process compares: the others leave it to that one. */
const LOCK = `hashtextextended('pending-repair', 0)`;

/**
 * The full compare of log and checkpoints, about once an hour in each process and in one of them at a time. At what part of the
 * hour is left to chance, so that processes that were started together do not all begin at once.
 */
@Injectable()
export class HourlyRepair implements OnModuleDestroy {
  private readonly logger = new Logger('HourlyRepair');
  private timer: NodeJS.Timeout | null = null;
  private stopped = new AbortController();
  private round: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly repair: PendingRepair,
  ) {}

  start(): void {
    if (this.timer) return;
    this.stopped = new AbortController();
    this.next(HOUR_MS * Math.random());
  }

  /** Resolves when the page that is being looked at is done. */
  async stop(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.stopped.abort();
    await this.round;
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** How many streams were listed anew; null when another process is at it. */
  async runAlone(): Promise<number | null> {
    const client = await this.database.pool.connect();
    let broken: Error | undefined;
    try {
      const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock(${LOCK}) as held`);
      if (!rows[0]?.held) return null;
      const listed = await this.repair.repair({ signal: this.stopped.signal });
      await client.query(`select pg_advisory_unlock(${LOCK})`);
      return listed;
    } catch (error) {
      // the lock goes with the connection
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private next(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.round = this.runAlone()
        .catch((error: Error) => this.logger.warn(`compare failed: ${error.message}`))
        .then(() => (this.timer ? this.next(HOUR_MS * (0.75 + Math.random() / 2)) : undefined));
    }, delayMs).unref();
  }
}
