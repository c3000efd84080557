import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { Worker, type IQueueBackend, type WorkerOptions } from 'bullmq';
import type { JobData } from './job-producer.js';
import type { QueueBackend } from './queue-backend.js';
import { withOrigin } from './work-context.js';

type BullWorker = Worker<JobData, void, string, IQueueBackend>;

/** BullMQ's default of 15 s would leave jobs waiting long after the store is back. */
const RETRY_MS = 1_000;

export type JobWorkerOptions = Pick<WorkerOptions, 'concurrency' | 'maxStalledCount'>;

/**
 * One BullMQ consumer. BullMQ remembers for ever that its first connection failed, and a worker that runs on such a
 * connection asks for jobs without ever yielding, which freezes the process (seen with 6.7.0 on PostgreSQL). So none runs
 * before it is connected, and one that did not get so far, or whose loop ended, is made anew.
 */
export class JobWorker {
  private readonly logger = new Logger('JobWorker');
  private readonly closing = new AbortController();
  private readonly closed = once(this.closing.signal, 'abort');
  private readonly running: Promise<void>;
  private worker?: BullWorker;

  constructor(
    readonly name: string,
    private readonly backend: QueueBackend,
    private readonly handler: (data: JobData) => Promise<void>,
    private readonly options: JobWorkerOptions,
    private readonly onError: (error: Error) => void,
  ) {
    this.running = this.keepRunning();
  }

  /** Takes no new job; resolves when those that run are done. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.worker?.close();
    await this.running;
  }

  private async keepRunning(): Promise<void> {
    while (!this.closing.signal.aborted) {
      this.worker = this.connect();
      try {
        // A store that is away keeps this waiting for as long as it is away: closing does not wait for it.
        await Promise.race([this.worker.waitUntilReady(), this.closed]);
        if (!this.closing.signal.aborted) await this.worker.run();
      } catch (error) {
        this.onError(error as Error);
      }
      if (this.closing.signal.aborted) return;
      // the error that matters is the one above
      await this.worker.close().catch(this.onError);
      await pause(RETRY_MS, undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  private connect(): BullWorker {
    const worker: BullWorker = new Worker(
      this.name,
      async (job) => withOrigin(job.data.origin, () => this.handler(job.data)),
      {
        ...this.options,
        connection: this.backend.connection('worker'),
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 100 },
        name: randomUUID(),
        runRetryDelay: RETRY_MS,
        autorun: false,
      },
      this.backend.factory,
    );
    worker.on('error', this.onError);
    // A handler's own error reaches nobody else: BullMQ keeps it with the job.
    worker.on('failed', (job, error) => {
      this.logger.warn(`a job of ${this.name} failed (stream ${job?.data.streamId}): ${error.message}`);
    });
    return worker;
  }
}
