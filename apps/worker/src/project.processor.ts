import { Injectable } from '@nestjs/common';
import { type JobData, JobQueues, type QueueWorker } from '#platform';
import { ProjectionRunner } from '#projections';

/** As many as the runner lets project at once. */
const CONCURRENCY = 8;

/** Takes jobs of the queue `project`: each projects one stream to its head. */
@Injectable()
export class ProjectProcessor {
  private worker?: QueueWorker;

  constructor(
    private readonly queues: JobQueues,
    private readonly runner: ProjectionRunner,
  ) {}

  /** Takes jobs from now on. */
  start(): void {
    this.worker = this.queues.work('project', (job) => this.process(job), {
      concurrency: CONCURRENCY,
    });
  }

  async drain(): Promise<void> {
    await this.worker?.close();
  }

  private async process({ streamId }: JobData): Promise<void> {
    if (typeof streamId === 'string') await this.runner.project(streamId);
  }
}
