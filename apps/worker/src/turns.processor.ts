import { Injectable } from '@nestjs/common';
import { TurnRunner } from '#assistant';
import { type JobData, JobQueues, type QueueWorker } from '#platform';

/** Turns wait for Claude most of the time: one process runs many. */
const CONCURRENCY = 256;

/** Takes jobs of the queue `turns`. A job is a hint: the runner looks in the log whether there is something to run. */
@Injectable()
export class TurnsProcessor {
  private worker?: QueueWorker;

  constructor(
    private readonly queues: JobQueues,
    private readonly runner: TurnRunner,
  ) {}

  /** Takes jobs from now on. */
  start(): void {
    this.worker = this.queues.work('turns', (job) => this.process(job), { concurrency: CONCURRENCY });
  }

  /** Takes no new turn and resolves when those that run are done. */
  async drain(): Promise<void> {
    await this.worker?.close();
  }

  private async process({ streamId, turnId }: JobData): Promise<void> {
    if (typeof streamId === 'string' && typeof turnId === 'string') await this.runner.run(streamId, turnId);
  }
}
