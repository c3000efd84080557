import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, Database, metrics, withOwnConnection, type Config, type OwnConnection } from '#platform';
import { Backups } from './backups.js';
import { BackupShelf } from './schedule/backup-shelf.js';
import { newestOf, superfluous } from './schedule/retention.js';

/** Any number that nothing else in the database locks. */
const BACKUP_LOCK = 7_041_766_204;
const LOOK_MS = 60_000;
const AFTER_FAILURE_MS = 600_000;
const HOUR_MS = 3_600_000;

/**
 * Makes a backup whenever the newest one is older than the configured hours, and removes old ones. Of many processes one does it
 * at a time. One that was interrupted, by a stop too, is gone on with. Without a folder it does nothing.
 */
@Injectable()
export class ScheduledBackups implements OnModuleDestroy {
  /** Of the newest attempt that failed since the last success; for metrics. */
  lastFailure: { at: string; message: string } | null = null;
  lastSuccess: { at: string; folder: string } | null = null;
  private readonly logger = new Logger('ScheduledBackups');
  private timer: NodeJS.Timeout | null = null;
  private abort = new AbortController();
  private attempt: Promise<unknown> | null = null;

  constructor(
    private readonly database: Database,
    private readonly backups: Backups,
    @Inject(CONFIG) private readonly config: Pick<Config, 'backupDir' | 'backupEveryHours' | 'backupKeep'>,
  ) {}

  /** Looks every minute whether one is due, until `stop`. */
  start(): void {
    if (this.config.backupDir === undefined || this.timer) return;
    this.abort = new AbortController();
    this.next(0);
  }

  /** Interrupts a backup that is being made; it is gone on with after the next start. */
  async stop(): Promise<void> {
    this.abort.abort(new Error('the process stops'));
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    await this.attempt;
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** Makes one if it is due. `busy`: another process is making one. */
  async runOnce(): Promise<'made' | 'not_due' | 'busy' | 'off'> {
    const { backupDir } = this.config;
    if (backupDir === undefined) return 'off';
    return withOwnConnection(this.database.url, 'scheduled backup', async (connection) => {
      const { rows } = await connection.query('select pg_try_advisory_lock($1) as mine', [BACKUP_LOCK]);
      return rows[0].mine ? this.makeIfDue(connection, new BackupShelf(backupDir)) : 'busy';
    });
  }

  private async makeIfDue(connection: OwnConnection, shelf: BackupShelf): Promise<'made' | 'not_due'> {
    const { rows } = await connection.query('select epoch, now() as at from log_epoch()');
    const { epoch, at } = rows[0] as { epoch: string; at: string };
    const newest = newestOf(await shelf.list(), epoch);
    const age = newest ? Date.parse(at) - Date.parse(newest.startedAt!) : Infinity;
    if (newest?.whole) metrics.backupLastSuccess.set(Date.parse(newest.startedAt!) / 1_000);
    if (newest?.whole && age < this.config.backupEveryHours * HOUR_MS) return 'not_due';
    const folder = shelf.path(newest && !newest.whole ? newest.name : shelf.nameAt(at));
    const { signal } = this.abort;
    const { manifest, seconds, resumed } = await this.backups.backup(folder, { signal });
    const events = manifest.tables.find(({ name }) => name === 'events')?.rows ?? 0;
    this.logger.log(`${folder}: ${events} events in ${seconds} s${resumed ? ', gone on with' : ''}`);
    this.lastSuccess = { at: manifest.endedAt, folder };
    metrics.backupLastSuccess.set(Date.parse(manifest.startedAt) / 1_000);
    this.lastFailure = null;
    await this.tidy(shelf, epoch);
    return 'made';
  }

  private async tidy(shelf: BackupShelf, epoch: string): Promise<void> {
    await shelf.removeRest();
    for (const { name } of superfluous(await shelf.list(), epoch, this.config.backupKeep)) {
      await shelf.remove(name);
      this.logger.log(`removed the old backup ${name}`);
    }
  }

  private next(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.attempt = this.tryAndGoOn();
    }, delayMs).unref();
  }

  private async tryAndGoOn(): Promise<void> {
    let pauseMs = LOOK_MS;
    try {
      await this.runOnce();
    } catch (error) {
      if (this.abort.signal.aborted) return;
      const { message } = error as Error;
      this.lastFailure = { at: new Date().toISOString(), message };
      metrics.backupFailures.inc();
      this.logger.error(`the backup failed: ${message}`);
      pauseMs = AFTER_FAILURE_MS;
    }
    if (!this.abort.signal.aborted) this.next(pauseMs);
  }
}
