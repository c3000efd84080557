import { Injectable } from '@nestjs/common';
import { type JobData, JobQueues, type QueueWorker } from '#platform';
import { RebuildWorker } from '#projections';

/** Buckets copied at once by one process; its folds share one thread. */
const CONCURRENCY = 2;

/** Takes jobs of the queue `rebuild`: a bucket of streams, or, when all are copied, what comes after. */
@Injectable()
export class RebuildProcessor {
  private worker?: QueueWorker;

  constructor(
    private readonly queues: JobQueues,
    private readonly rebuilds: RebuildWorker,
  ) {}

  /** Takes jobs from now on, and finds what lost jobs left. */
  start(): void {
    this.worker = this.queues.work('rebuild', (job) => this.process(job), { concurrency: CONCURRENCY });
    this.rebuilds.start();
  }

  /** Resolves when the pages that are being copied are done. */
  async drain(): Promise<void> {
    await this.rebuilds.stop();
    await this.worker?.close();
  }

  private async process({ rebuildId, bucket }: JobData): Promise<void> {
    if (typeof rebuildId !== 'string') return;
    await this.rebuilds.run(rebuildId, typeof bucket === 'number' ? bucket : undefined);
  }
}
