import type { FoldProcessAnswer, FoldProcessData, FoldProcessRequest } from './fold-messages.js';
import { FoldThread } from './fold-thread.js';

/**
 * The program of a fold process: a fold thread, whose deadline and memory it keeps, and a channel to the process that started
 * it. It imports nothing but that, so that it starts quickly.
 */
const { workerFile, ...options } = JSON.parse(process.argv[2]!) as FoldProcessData;
const newThread = () => new FoldThread({ ...options, workerFile: new URL(workerFile) });
let thread = newThread();

async function answer({ job, deadlineMs }: FoldProcessRequest): Promise<FoldProcessAnswer> {
  if (thread.dead) thread = newThread();
  try {
    const [outcome] = await thread.fold([job], deadlineMs);
    return { outcome: outcome! };
  } catch (error) {
    return { notStarted: (error as Error).message };
  }
}

// a stop is for the process that started it, which may still need this one
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', (request: FoldProcessRequest) => {
  void answer(request).then((told) => process.send?.(told));
});
process.send?.('ready');
