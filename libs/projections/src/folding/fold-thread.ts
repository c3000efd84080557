import { Worker } from 'node:worker_threads';
import type { FoldAnswer, FoldJob, FoldOutcome, FoldWorkerData } from './fold-messages.js';

export type FoldThreadOptions = {
  workerFile: URL;
  foldsUrl: string;
  heapMb?: number;
  /** Where the thread also writes which event it is at: what outlives its process. */
  progressFd?: number;
};
type Result = { changes: unknown } | { problem: string; late?: boolean };

/**
 * A fold may use this much memory before its thread is killed, and three threads together may not bring their process down. A
 * batch that needs more is folded in smaller ones, so it takes longer and goes through.
 */
const HEAP_MB = 256;

/**
 * One thread that folds one request at a time and is killed when that takes too long. A fold never harms its caller: what
 * throws, hangs or ends the thread is an outcome that names the event. Keeps no process alive while it has nothing to do.
 */
export class FoldThread {
  private readonly progress = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker: Worker;
  private readonly ready: Promise<void>;
  private finish: ((result: Result) => void) | null = null;
  private lastId = 0;
  /** It will fold no more: make another one. */
  dead = false;

  constructor({ workerFile, foldsUrl, heapMb = HEAP_MB, progressFd }: FoldThreadOptions) {
    const workerData: FoldWorkerData = { progress: this.progress.buffer, foldsUrl, progressFd };
    this.worker = new Worker(workerFile, { workerData, resourceLimits: { maxOldGenerationSizeMb: heapMb } });
    this.ready = new Promise((resolve, reject) => {
      this.worker.on('message', (message: 'ready' | FoldAnswer) => {
        if (message === 'ready') resolve();
        else this.finish?.(message);
      });
      const end = (problem: string): void => {
        this.dead = true;
        reject(new Error(`the fold thread ${problem}`));
        this.finish?.({ problem });
      };
      this.worker.on('messageerror', (error: Error) => this.finish?.({ problem: notHandedOver(error) }));
      this.worker.on('error', (error: Error) => end(`ended: ${error.message}`));
      this.worker.on('exit', (code) => end(`ended with exit code ${code}`));
    });
  }

  /**
   * The caller asks for one fold at a time. The deadline counts from the fold's own start, not from the thread's.
   * @throws Error when the thread cannot be started.
   */
  async fold(request: FoldJob, deadlineMs: number): Promise<FoldOutcome<unknown>> {
    this.worker.ref();
    await this.ready;
    const result = await this.ask(request, deadlineMs);
    this.worker.unref();
    if ('changes' in result) return { ok: true, changes: result.changes };
    const { problem, late = false } = result;
    return { ok: false, index: Atomics.load(this.progress, 0), problem, late };
  }

  async close(): Promise<void> {
    this.dead = true;
    await this.worker.terminate();
  }

  private ask(request: FoldJob, deadlineMs: number): Promise<Result> {
    return new Promise((resolve) => {
      const late = (): void => {
        if (this.finish !== finish) return;
        finish({ problem: `took longer than ${deadlineMs} ms`, late: true });
        void this.close();
      };
      // A loop that was busy runs its timers before it hears of messages: an answer that waits there came in time.
      const timer = setTimeout(() => setImmediate(late), deadlineMs);
      const finish = (result: Result): void => {
        clearTimeout(timer);
        this.finish = null;
        resolve(result);
      };
      this.finish = finish;
      Atomics.store(this.progress, 0, 0);
      try {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
        this.worker.postMessage({ ...request, id: (this.lastId += 1) });
      } catch (error) {
        finish({ problem: notHandedOver(error as Error) });
      }
    });
  }
}

/** What cannot be copied to a thread, or back, is the fold's failure: left to the deadline it would be called slow. */
function notHandedOver(error: Error): string {
  return `could not be handed over: ${error.message}`;
}
