import type { JobsOptions } from 'bullmq';
import { addFlow } from './job-flow.js';
import { JobProducer, type BullQueue, type JobData } from './job-producer.js';
import { JobWorker } from './job-worker.js';
import { queueBackend, type QueueBackend } from './queue-backend.js';
import { workOrigin } from './work-context.js';

/** The queues that there are. */
export const queueNames = ['turns', 'project', 'rebuild'] as const;
export type QueueName = (typeof queueNames)[number];
/** How a job is offered. */
export type JobOptions = {
  /** While a job with this id waits, another is dropped; while it runs, one more is kept to run after it. */
  dedupeId?: string;
};
/** Whether the queue answered just now, and what it said last when it did not. */
export type QueueHealth = { backend: 'redis' | 'postgres'; ok: boolean; lastError?: string };

/** A producer never holds up a command for longer than this. */
const ENQUEUE_TIMEOUT_MS = 500;

const JOB_STATES = ['waiting', 'active', 'delayed', 'failed', 'waiting-children'] as const;

/** A running consumer of one queue. */
export type QueueWorker = {
  /** Takes no new job and resolves when those that run are done. */
  close(): Promise<void>;
};

/**
 * BullMQ on Redis or on PostgreSQL. Jobs are hints: they may be lost, repeated or reordered, so no method throws for the
 * queue's sake, and nothing true may depend on one. The sweeper finds what was lost.
 */
export class JobQueues {
  private readonly backend: QueueBackend;
  private readonly producers: Record<QueueName, JobProducer>;
  private readonly workers = new Set<JobWorker>();
  private lastError?: string;

  constructor(urls: { redisUrl?: string; databaseUrl: string }) {
    this.backend = queueBackend(urls);
    this.producers = {
      turns: new JobProducer('turns', this.backend, this.onError),
      project: new JobProducer('project', this.backend, this.onError),
      rebuild: new JobProducer('rebuild', this.backend, this.onError),
    };
  }

  /** Which store the jobs are in. */
  get kind(): 'redis' | 'postgres' {
    return this.backend.kind;
  }

  /**
   * Offers one job, which carries where it comes from. Resolves within 500 ms: true when the queue took it, false when it
   * may not have.
   */
  enqueue(queue: QueueName, data: JobData, options: JobOptions = {}): Promise<boolean> {
    const origin = workOrigin();
    const job = origin ? { ...data, origin } : data;
    return this.within(queue, (ready) => ready.add(queue, job, jobOptions(options)));
  }

  /** Offers many jobs in one round trip; otherwise as `enqueue`, but for their origin, which each brings or has not. */
  enqueueBulk(queue: QueueName, items: { data: JobData; dedupeId?: string }[]): Promise<boolean> {
    const jobs = items.map(({ data, dedupeId }) => ({ name: queue, data, opts: jobOptions({ dedupeId }) }));
    return jobs.length === 0 ? Promise.resolve(true) : this.within(queue, (ready) => ready.addBulk(jobs));
  }

  /** Offers a parent job that runs when all its children have. Resolves within 500 ms, as `enqueue`. */
  enqueueFlow(queue: QueueName, parent: JobData, children: JobData[]): Promise<boolean> {
    return this.within(queue, () => addFlow(this.backend, queue, { parent, children }, this.onError));
  }

  /** Whether this process takes jobs of the queue. */
  works(queue: QueueName): boolean {
    return [...this.workers].some(({ name }) => name === queue);
  }

  /** Runs `handler` for each job, never a job of `turns` twice: what a stalled one leaves behind is the sweeper's. */
  work(
    queue: QueueName,
    handler: (data: JobData) => Promise<void>,
    options: { concurrency: number },
  ): QueueWorker {
    const { concurrency } = options;
    const limits = { concurrency, maxStalledCount: queue === 'turns' ? 0 : 1 };
    const worker = new JobWorker(queue, this.backend, handler, limits, this.onError);
    this.workers.add(worker);
    return {
      close: async () => {
        this.workers.delete(worker);
        await worker.close();
      },
    };
  }

  /** Whether the queue answers within 500 ms. */
  async health(): Promise<QueueHealth> {
    const ok = await this.within('turns', (ready) => ready.getJobCounts('waiting'));
    return {
      backend: this.backend.kind,
      ok,
      ...(ok ? {} : { lastError: this.lastError ?? 'no answer in time' }),
    };
  }

  /** BullMQ's own object, for a tool that shows it; another one after an outage. Null: it did not get ready within 500 ms. */
  async queue(name: QueueName): Promise<BullQueue | null> {
    let queue: BullQueue | null = null;
    const ready = await this.within(name, async (ready) => void (queue = ready));
    return ready ? queue : null;
  }

  /** How many jobs the queue holds, by state. @throws what the queue's store answers, or that it did not within 500 ms */
  async counts(name: QueueName): Promise<Record<string, number>> {
    let counts: Record<string, number> = {};
    const use = async (ready: BullQueue) => void (counts = await ready.getJobCounts(...JOB_STATES));
    if (!(await this.within(name, use)))
      throw new Error(this.lastError ?? 'the queue did not answer in time');
    return counts;
  }

  /** Stops workers first (waiting for running jobs), then the producers. */
  async close(): Promise<void> {
    await Promise.all([...this.workers].map((worker) => worker.close()));
    await Promise.all(Object.values(this.producers).map((producer) => producer.close()));
  }

  private async within(name: QueueName, use: (queue: BullQueue) => Promise<unknown>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    let late = false;
    const expired = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        late = true;
        resolve(false);
      }, ENQUEUE_TIMEOUT_MS);
    });
    const done = this.producers[name]
      .ready()
      .then((queue) => (late ? undefined : use(queue)))
      .then(
        () => !late,
        (error: Error) => {
          this.onError(error);
          return false;
        },
      );
    return Promise.race([done, expired]).finally(() => clearTimeout(timer));
  }

  /** Kept for `health`: a queue that is away must not fill the log once a retry. */
  private readonly onError = (error: Error): void => {
    this.lastError = error.message;
  };
}

function jobOptions({ dedupeId }: JobOptions): JobsOptions {
  const always: JobsOptions = { attempts: 1, removeOnComplete: true, removeOnFail: 100 };
  return dedupeId ? { ...always, deduplication: { id: dedupeId, keepLastIfActive: true } } : always;
}
