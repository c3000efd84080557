import { readFileSync } from 'node:fs';

/** Whether the process runs. One that has ended, but whose parent has not asked for its exit yet, does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    // ESRCH: it has gone
    return false;
  }
  return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readStat(pid));
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // it has gone since
    return '0 () Z';
  }
}
