import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  ServiceUnavailableException,
} from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import type { ReadinessReport } from '#contracts';
import { CONFIG, type Config, Database, JobQueues, schemaState } from '#platform';
import { OldestUnprojected } from '#projections';

/** Asked by every balancer and supervisor: the queue is asked for them all at most so often. */
const QUEUE_FRESH_MS = 2_000;
/** More than what the pool and a statement may take by themselves. */
const PATIENCE_MS = 8_000;

type Details = NonNullable<ReadinessReport['details']>;

/** Whether requests can be served here now. What is wrong is said without its reason: those who fail by it say that. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  private draining = false;
  private migrated = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: Database,
    private readonly queues: JobQueues,
    private readonly oldest: OldestUnprojected,
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
  ) {}

  async check(): Promise<ReadinessReport> {
    if (this.draining) return { status: 'draining' };
    const details = await this.details();
    return { status: this.statusOf(details), details };
  }

  /** From now on new traffic should go elsewhere. */
  drain(): void {
    this.draining = true;
  }

  beforeApplicationShutdown(): void {
    this.drain();
  }

  private statusOf({ database, projections }: Details): ReadinessReport['status'] {
    if (this.draining) return 'draining';
    if (database?.status === 'down') return 'unavailable';
    if (!this.migrated) return 'starting';
    return projections?.status === 'down' ? 'lagging' : 'ready';
  }

  private async details(): Promise<Details> {
    try {
      const checks = [() => this.lookAtDatabase(), () => this.lookAtLag(), () => this.lookAtQueue()];
      return (await this.health.check(checks)).details as Details;
    } catch (error) {
      // how terminus says that a part is down
      if (!(error instanceof ServiceUnavailableException)) throw error;
      return (error.getResponse() as { details: Details }).details;
    }
  }

  private async lookAtDatabase(): Promise<HealthIndicatorResult> {
    const part = this.indicators.check('database');
    const looked = await part
      .attempt(async () => {
        if (!this.migrated) this.migrated = (await schemaState(this.database.pool)).missing.length === 0;
        await this.database.query('select 1');
      })
      .withTimeout(PATIENCE_MS);
    return looked.database?.status === 'up' ? part.up() : part.down();
  }

  private async lookAtLag(): Promise<HealthIndicatorResult> {
    const part = this.indicators.check('projections');
    try {
      const oldestSeconds = await this.oldest.seconds();
      const tooOld = this.config.readyMaxLagMs > 0 && oldestSeconds * 1_000 > this.config.readyMaxLagMs;
      return tooOld ? part.down({ oldestSeconds }) : part.up({ oldestSeconds });
    } catch {
      // not known: that the database is away is the database's to say
      return part.degraded();
    }
  }

  /** Jobs are hints: without the queue everything is served, and catches up by the sweepers. */
  private async lookAtQueue(): Promise<HealthIndicatorResult> {
    const part = this.indicators.check('queue');
    const backend = this.queues.kind;
    const looked = await part
      .attempt(async () => {
        if (!(await this.queues.health()).ok) throw new Error('no answer');
      })
      .cacheFor(QUEUE_FRESH_MS);
    return looked.queue?.status === 'up' ? part.up({ backend }) : part.degraded({ backend });
  }
}
