import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { projectRoot } from '#platform';

/** How long requests take, seen from a process that does nothing else. */
export type RequestTimer = {
  /** Asks for pages of these conversations from now on. */
  ask(url: string, ids: readonly string[]): void;
  /** The times in ms since the last call. */
  take(): Promise<number[]>;
  stop(): void;
};

export function startRequestTimer(): RequestTimer {
  const child = fork(join(projectRoot(), 'test', 'support', 'request-timer-child.mjs'));
  return {
    ask: (url, ids) => void child.send({ url, ids }),
    take: async () => {
      child.send('take');
      const [times] = (await once(child, 'message')) as [number[]];
      return times;
    },
    stop: () => void child.kill(),
  };
}
