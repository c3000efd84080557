import { existsSync, readFileSync } from 'node:fs';
import { isRunning } from './is-running.js';
import { until } from './until.js';

/**
 * SIGKILL for a process and its children, the parent first, so that it sees to nothing any more. Resolves when all are gone.
 * Where the kernel does not list children (no /proc), they are left to notice it by themselves.
 */
export async function killFamily(pid: number): Promise<void> {
  const family = [pid, ...childrenOf(pid)];
  for (const member of family) kill(member);
  await until(() => !family.some(isRunning));
}

/** Empty where the kernel does not list them (no /proc). */
export function childrenOf(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // one that ended meanwhile is what was wanted
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
