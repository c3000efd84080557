import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { JobQueues } from '#platform';
import { GenerationCatalog } from '../checkpoints/generation-catalog.js';
import type { AnyProjection } from '../projection.js';
import { ProjectionRegistry } from '../projection-registry.js';
import { BucketCopier } from './bucket-copier.js';
import { GenerationJanitor } from './generation-janitor.js';
import { RebuildFinisher } from './rebuild-finisher.js';
import { RebuildLocks } from './rebuild-locks.js';
import { RebuildPreparer } from './rebuild-preparer.js';
import type { Rebuild } from './rebuild.js';
import { RebuildStore } from './rebuild-store.js';
import { Throttle } from './throttle.js';

const TICK_MS = 1_000;
/** Jobs get so long to take a bucket before this process takes it without one. */
const GRACE_MS = 3_000;

type Work = { rebuild: Rebuild; projection: AnyProjection };

/**
 * Does the work of rebuilds in this process: what its jobs name, and, without any job, whatever is not being done. Any number
 * of processes may do so, and may be killed: a piece is done by one at a time, and goes on where it stopped.
 */
@Injectable()
export class RebuildWorker implements OnModuleDestroy {
  private readonly logger = new Logger('RebuildWorker');
  private timer: NodeJS.Timeout | null = null;
  private round: Promise<void> | null = null;
  /** Buckets that this process is at. */
  private copying = 0;
  private running = false;
  private stopping = false;

  constructor(
    private readonly store: RebuildStore,
    private readonly registry: ProjectionRegistry,
    private readonly preparer: RebuildPreparer,
    private readonly copier: BucketCopier,
    private readonly finisher: RebuildFinisher,
    private readonly locks: RebuildLocks,
    private readonly throttle: Throttle,
    private readonly janitor: GenerationJanitor,
    private readonly catalog: GenerationCatalog,
    private readonly queues: JobQueues,
  ) {}

  /** Looks for work about every second until `stop`. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.stopping = false;
    this.next(0);
  }

  /** Resolves when the page that is being copied is done. */
  async stop(): Promise<void> {
    this.running = false;
    this.stopping = true;
    if (this.timer) clearTimeout(this.timer);
    await this.round;
  }

  onModuleDestroy(): Promise<void> {
    return this.stop();
  }

  /** What a job names: a bucket, or all that comes after the buckets. Nothing where there is nothing to do, or others do it. */
  async run(rebuildId: string, bucket?: number): Promise<void> {
    const rebuild = await this.store.find(rebuildId);
    const work = rebuild && this.known(rebuild);
    if (!work || rebuild.status !== 'running') return;
    if (bucket === undefined) await this.finish(work);
    else await this.copy(work, bucket);
  }

  /** One round: everything that is to be done and that nobody does. Jobs take buckets first. */
  async tick(): Promise<void> {
    await this.preparer.buildNew();
    // side by side: one that takes long, or fails, holds up no other
    const rounds = (await this.store.running()).map(async (rebuild) => {
      const work = this.known(rebuild);
      if (work && !this.stopping) await this.further(work);
    });
    for (const round of await Promise.allSettled(rounds))
      if (round.status === 'rejected')
        this.logger.error('a rebuild does not go on', (round.reason as Error).stack);
    await this.janitor.clean();
  }

  private async further(work: Work): Promise<void> {
    const { rebuild, projection } = work;
    if (rebuild.phase !== 'copying') return this.finish(work);
    if (await this.preparer.prepare(rebuild, projection)) return this.offer(rebuild);
    const buckets = await this.store.openBuckets(rebuild.id);
    if (buckets.length === 0) return this.finish(work);
    if (Date.now() - Date.parse(rebuild.startedAt) < GRACE_MS && this.queues.works('rebuild')) return;
    for (const { bucket } of buckets) {
      // jobs are doing well here: one more bucket would only take time from them, and from everybody
      if (this.stopping || this.copying > 0) return;
      await this.copy(work, bucket);
    }
  }

  /** A flow: the buckets are children, and what comes after them their parent. */
  private async offer(rebuild: Rebuild): Promise<void> {
    const buckets = await this.store.openBuckets(rebuild.id);
    await this.queues.enqueueFlow(
      'rebuild',
      { rebuildId: rebuild.id },
      buckets.map(({ bucket }) => ({ rebuildId: rebuild.id, bucket })),
    );
  }

  private async copy({ rebuild, projection }: Work, number: number): Promise<void> {
    this.catalog.forget();
    this.copying += 1;
    try {
      await this.copyHeld({ rebuild, projection }, number);
    } finally {
      this.copying -= 1;
    }
  }

  private async copyHeld({ rebuild, projection }: Work, number: number): Promise<void> {
    const baseline = await this.store.baseline(rebuild.id);
    await this.locks.hold(`${rebuild.id}:${number}`, async (client) => {
      let bucket = (await this.store.openBuckets(rebuild.id)).find((open) => open.bucket === number);
      while (bucket && !this.stopping) {
        const began = performance.now();
        const page = await this.copier.page(client, rebuild, projection, bucket);
        await this.throttle.rest(performance.now() - began, baseline);
        bucket = page.state === 'more' ? page.bucket : undefined;
      }
    });
  }

  private async finish({ rebuild, projection }: Work): Promise<void> {
    await this.locks.hold(`${rebuild.id}:finish`, async () => {
      const now = await this.store.find(rebuild.id);
      if (now?.status !== 'running') return;
      if (now.phase === 'copying' && (await this.store.openBuckets(now.id)).length > 0) return;
      await this.finisher.finish(now, projection);
    });
  }

  private known(rebuild: Rebuild): Work | null {
    const projection = this.registry.find(rebuild.projection, rebuild.version);
    return projection ? { rebuild, projection } : null;
  }

  private next(delayMs: number): void {
    if (!this.running) return;
    this.timer = setTimeout(() => {
      this.round = this.tick()
        // the state is stored: the next round goes on
        .catch((error: Error) => this.logger.warn(`a round failed: ${error.message}`))
        .then(() => this.next(TICK_MS));
    }, delayMs).unref();
  }
}
