import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './postmaster.js';

const STOP_LIMIT_MS = 30_000;

/** Asks a process to end, waits, and ends it by force after the limit. Resolves when it is gone. */
export async function endProcess(
  pid: number,
  signal: NodeJS.Signals,
  limitMs = STOP_LIMIT_MS,
): Promise<void> {
  if (pid === 0 || !isAlive(pid)) return;
  process.kill(pid, signal);
  const until = Date.now() + limitMs;
  while (isAlive(pid)) {
    // a stopped (SIGSTOP) or wedged server hears only this; the next start replays its log
    if (Date.now() > until) process.kill(pid, 'SIGKILL');
    await pause(20);
  }
}
