import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { AnyFold } from '../projection.js';
import type { FoldAnswer, FoldJob, FoldRequest, FoldResult, FoldWorkerData } from './fold-messages.js';

/**
 * A fold thread. It says which event it is at in shared memory, so that whoever has to kill it knows what it hung on; and,
 * where it may take its process along, in a pipe.
 */
const { progress, foldsUrl, progressFd } = workerData as FoldWorkerData;
const at = new Int32Array(progress);
const { folds } = (await import(foldsUrl)) as { folds: Record<string, AnyFold> };

function begin(index: number): void {
  Atomics.store(at, 0, index);
  if (progressFd !== undefined)
    writeSync(progressFd, new Uint8Array(at.buffer.slice(0, at.BYTES_PER_ELEMENT)));
}

function result({ fold, context, events, unreadable }: FoldJob, n: number): FoldResult {
  Atomics.store(at, 1, n);
  begin(0);
  try {
    const changes = folds[fold]?.fold(context, events, { unreadable, begin });
    if (!changes) throw new Error(`no fold ${fold}`);
    return { changes };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { problem, index: Atomics.load(at, 0) };
  }
}

const answer = ({ id, jobs }: FoldRequest): FoldAnswer => ({ id, results: jobs.map(result) });

function send(message: FoldAnswer | 'ready'): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage(message);
}

parentPort?.on('message', (request: FoldRequest) => send(answer(request)));
send('ready');
