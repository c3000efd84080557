import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Logger } from '@nestjs/common';
import { DIED } from './died.js';
import type {
  FoldJob,
  FoldOutcome,
  FoldProcessAnswer,
  FoldProcessData,
  FoldProcessRequest,
} from './fold-messages.js';
import type { FoldThreadOptions } from './fold-thread.js';

/** The process keeps the deadline itself; after so much longer it is stuck as a whole. */
const GRACE_MS = 10_000;
/** Suspects are few: a process that has nothing to fold for so long gives its memory back. */
const IDLE_MS = 60_000;
/** The first descriptor after the standard ones and the channel. */
const PROGRESS_FD = 4;

type Ending = (end: FoldOutcome<unknown> | Error) => void;

/**
 * A fold thread in a process of its own, for folds that may end it: a fold that does is an outcome that names the event, and
 * the caller lives on. Keeps no process alive while it has nothing to do, and ends with the one that started it, however that
 * ends.
 */
export class FoldProcess {
  private readonly logger = new Logger('FoldProcess');
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;
  private idle: NodeJS.Timeout | undefined;
  private finish: Ending | null = null;
  /** The event that it began last. */
  private index = 0;
  /** It will fold no more: make another one. */
  dead = false;

  constructor({ workerFile, foldsUrl, heapMb }: FoldThreadOptions) {
    const data: FoldProcessData = { workerFile: workerFile.href, foldsUrl, heapMb, progressFd: PROGRESS_FD };
    this.child = fork(fileURLToPath(new URL('./fold-process-main.js', workerFile)), [JSON.stringify(data)], {
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
      execArgv: [],
      // it folds, and needs no secret for that
      env: {},
    });
    const progress = this.child.stdio[PROGRESS_FD] as Readable;
    progress.on('data', (chunk: Buffer) => (this.index = chunk.readInt32LE(chunk.length - 4)));
    progress.on('error', () => undefined);
    this.ready = new Promise((resolve, reject) => {
      const end = (problem: string): void => {
        this.dead = true;
        reject(new Error(`the fold process ${problem}`));
        if (!this.finish) return;
        this.logger.warn(`it ${problem} at event ${this.index} of what it folded`);
        this.finish({ ok: false, index: this.index, problem: DIED, late: false });
      };
      this.child.on('message', (message: 'ready' | FoldProcessAnswer) => {
        if (message === 'ready') resolve();
        else this.answer(message);
      });
      this.child.on('error', (error) => end(`failed: ${error.message}`));
      // after `close` the pipe is read to its end, so that the index is the last one
      this.child.on('close', (code, signal) => end(`ended with ${signal ?? `exit code ${code}`}`));
    });
    this.ready.catch(() => undefined);
    this.hold(false);
  }

  /**
   * The caller asks for one fold at a time: one job, as it may end the process. The deadline counts from the fold's own start, not from
   * the process's.
   * @throws Error when the process cannot be started.
   */
  async fold(jobs: readonly FoldJob[], deadlineMs: number): Promise<FoldOutcome<unknown>[]> {
    const [job] = jobs;
    if (!job || jobs.length > 1) throw new Error('a fold process takes one job at a time');
    clearTimeout(this.idle);
    this.hold(true);
    try {
      await this.ready;
      return [await this.ask({ job, deadlineMs })];
    } finally {
      this.hold(false);
      this.idle = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.idle);
    this.dead = true;
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }

  private ask(request: FoldProcessRequest): Promise<FoldOutcome<unknown>> {
    this.index = 0;
    return new Promise((resolve, reject) => {
      const late = (): void => {
        finish({
          ok: false,
          index: this.index,
          problem: `took longer than ${request.deadlineMs} ms`,
          late: true,
        });
        void this.close();
      };
      const timer = setTimeout(late, request.deadlineMs + GRACE_MS);
      const finish: Ending = (end) => {
        clearTimeout(timer);
        this.finish = null;
        if (end instanceof Error) reject(end);
        else resolve(end);
      };
      this.finish = finish;
      this.child.send(request, (error) => {
        // a process that has ended is told of by `close`, with the event that it was at
        if (error && this.child.connected) finish(notHandedOver(error));
      });
    });
  }

  private answer(answer: FoldProcessAnswer): void {
    this.finish?.('outcome' in answer ? answer.outcome : new Error(answer.notStarted));
  }

  private hold(busy: boolean): void {
    const progress = this.child.stdio[PROGRESS_FD] as unknown as { ref(): void; unref(): void };
    for (const one of [this.child, this.child.channel, progress]) one?.[busy ? 'ref' : 'unref']();
  }
}

function notHandedOver(error: Error): FoldOutcome<unknown> {
  return { ok: false, index: 0, problem: `could not be handed over: ${error.message}`, late: false };
}
