import { Worker } from 'node:worker_threads';
import type { FoldAnswer, FoldJob, FoldOutcome, FoldResult, FoldWorkerData } from './fold-messages.js';

export type FoldThreadOptions = {
  workerFile: URL;
  foldsUrl: string;
  heapMb?: number;
  /** Where the thread also writes which event it is at: what outlives its process. */
  progressFd?: number;
};
/** What came of a request: all results, or that the thread ended at one of them, or that nobody knows which it was. */
type Ending = FoldResult[] | { problem: string; late?: boolean; by: 'one' | 'any' };

/**
 * A fold may use this much memory before its thread is killed, and three threads together may not bring their process down. A
 * batch that needs more is folded in smaller ones, so it takes longer and goes through.
 */
const HEAP_MB = 256;

/**
 * One thread that folds one request at a time, of one or several jobs, and is killed when that takes too long. A fold never harms its
 * caller: what throws, hangs or ends the thread is an outcome that names the event. Keeps no process alive while it has nothing to do.
 */
export class FoldThread {
  private readonly progress = new Int32Array(new SharedArrayBuffer(8));
  private readonly worker: Worker;
  private readonly ready: Promise<void>;
  private finish: ((ending: Ending) => void) | null = null;
  private lastId = 0;
  /** It will fold no more: make another one. */
  dead = false;

  constructor({ workerFile, foldsUrl, heapMb = HEAP_MB, progressFd }: FoldThreadOptions) {
    const workerData: FoldWorkerData = { progress: this.progress.buffer, foldsUrl, progressFd };
    this.worker = new Worker(workerFile, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    this.ready = new Promise((resolve, reject) => {
      this.worker.on('message', (message: 'ready' | FoldAnswer) => {
        if (message === 'ready') resolve();
        else this.finish?.(message.results);
      });
      const end = (problem: string): void => {
        this.dead = true;
        reject(new Error(`the fold thread ${problem}`));
        this.finish?.({ problem, by: 'one' });
      };
      this.worker.on('messageerror', (error: Error) =>
        this.finish?.({ problem: notHandedOver(error), by: 'any' }),
      );
      this.worker.on('error', (error: Error) => end(`ended: ${error.message}`));
      this.worker.on('exit', (code) => end(`ended with exit code ${code}`));
    });
  }

  /**
   * The caller asks one thing at a time. The deadline, for all of the jobs, counts from their own start, not from the thread's. Null is
   * the outcome of a job that had none: another one ended the thread, or what came of all of them was lost.
   * @throws Error when the thread cannot be started.
   */
  async fold(jobs: readonly FoldJob[], deadlineMs: number): Promise<(FoldOutcome<unknown> | null)[]> {
    this.worker.ref();
    await this.ready;
    const ending = await this.ask(jobs, deadlineMs);
    this.worker.unref();
    if (Array.isArray(ending))
      return ending.map((result) =>
        'changes' in result ? { ok: true, changes: result.changes } : { ok: false, late: false, ...result },
      );
    const { problem, late = false, by } = ending;
    const [index, at] = [Atomics.load(this.progress, 0), Atomics.load(this.progress, 1)];
    const failed: FoldOutcome<unknown> = { ok: false, index, problem, late };
    return jobs.map((_, n) => (jobs.length === 1 || (by === 'one' && n === at) ? failed : null));
  }

  async close(): Promise<void> {
    this.dead = true;
    await this.worker.terminate();
  }

  private ask(jobs: readonly FoldJob[], deadlineMs: number): Promise<Ending> {
    return new Promise((resolve) => {
      const late = (): void => {
        if (this.finish !== finish) return;
        finish({ problem: `took longer than ${deadlineMs} ms`, late: true, by: 'one' });
        void this.close();
      };
      // A loop that was busy runs its timers before it hears of messages: an answer that waits there came in time.
      const timer = setTimeout(() => setImmediate(late), deadlineMs);
      const finish = (ending: Ending): void => {
        clearTimeout(timer);
        this.finish = null;
        resolve(ending);
      };
      this.finish = finish;
      this.progress.fill(0);
      try {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        this.worker.postMessage({ jobs, id: (this.lastId += 1) });
      } catch (error) {
        finish({ problem: notHandedOver(error as Error), by: 'any' });
      }
    });
  }
}

/** What cannot be copied to a thread, or back, is the fold's failure: left to the deadline it would be called slow. */
function notHandedOver(error: Error): string {
  return `could not be handed over: ${error.message}`;
}
