import { Logger } from '@nestjs/common';
import type { Database } from '#platform';

/** Behind a connection pooler a restored server can come without a new connection of ours. */
const KEPT_MS = 5_000;

/**
 * The epoch, kept until a new connection is made: a server that was restored or replaced has cut all older ones.
 * Behind a pooler that hides this, for five seconds at most.
 */
export class LogEpoch {
  private readonly logger = new Logger('LogEpoch');
  private kept: { epoch: Promise<string>; until: number } | undefined;
  private warned = false;

  constructor(private readonly database: Database) {
    database.pool.on('connect', () => (this.kept = undefined));
  }

  async get(): Promise<string> {
    if (this.kept && performance.now() < this.kept.until) return this.kept.epoch;
    const asked = { epoch: this.ask(), until: performance.now() + KEPT_MS };
    this.kept = asked;
    try {
      return await asked.epoch;
    } catch (error) {
      if (this.kept === asked) this.kept = undefined;
      throw error;
    }
  }

  private async ask(): Promise<string> {
    const [row] = await this.database.query<{ epoch: string; complete: boolean }>(
      'select * from log_epoch()',
    );
    if (!row!.complete && !this.warned) {
      this.warned = true;
      this.logger.warn(
        'pg_control_system() is forbidden here: a copy of the database on another server, with the same timeline and oid, ' +
          'will look like this one to a client that resumes',
      );
    }
    return row!.epoch;
  }
}
