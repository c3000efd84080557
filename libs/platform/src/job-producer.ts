import { Queue, type IQueueBackend } from 'bullmq';
import type { QueueBackend } from './queue-backend.js';

/** What a job carries: what it is about, by id, and hints. It may come from another release: look before using it. */
export type JobData = Record<string, unknown>;
export type BullQueue = Queue<JobData, void, string, JobData, void, string, IQueueBackend>;

/**
 * One BullMQ queue to put jobs into. BullMQ remembers for ever that its first connection failed, so a queue that did not get
 * ready is made anew at the next use.
 */
export class JobProducer {
  private queue?: BullQueue;

  constructor(
    private readonly name: string,
    private readonly backend: QueueBackend,
    private readonly onError: (error: Error) => void,
  ) {
    void this.ready().catch(onError);
  }

  /** The queue when it is connected: nothing is offered before, so nothing piles up while the store is away. */
  async ready(): Promise<BullQueue> {
    const queue = (this.queue ??= this.connect());
    try {
      await queue.waitUntilReady();
    } catch (error) {
      if (this.queue === queue) {
        this.queue = undefined;
        // the error that matters is the one below
        queue.close().catch(this.onError);
      }
      throw error;
    }
    return queue;
  }

  async close(): Promise<void> {
    await this.queue?.close();
  }

  private connect(): BullQueue {
    const queue: BullQueue = new Queue(
      this.name,
      { connection: this.backend.connection('producer') },
      this.backend.factory,
    );
    queue.on('error', this.onError);
    return queue;
  }
}
