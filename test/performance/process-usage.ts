import { readFileSync } from 'node:fs';
import type { Client } from 'pg';

/** CPU ticks are hundredths of a second wherever Linux runs. */
const TICKS_PER_SECOND = 100;

/** CPU seconds of a process and its threads since its start; null where the kernel does not tell. */
export function cpuSeconds(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name, in brackets, may hold anything
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return null;
  }
}

/** Resident memory in MiB; null where the kernel does not tell. */
export function rssMiB(pid: number): number | null {
  try {
    const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? null : Number(kib) / 1_024;
  } catch {
    return null;
  }
}

/** The server's processes that work for this database, or for all of them. */
export async function backendPids(database: Client): Promise<number[]> {
  const { rows } = await database.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = current_database() or backend_type in ('walwriter', 'checkpointer', 'background writer')`,
  );
  return rows.map(({ pid }) => pid);
}

/** The share of one core that groups of processes took between two looks at it. */
export class CpuShares {
  private at = performance.now();
  private before = new Map<number, number>();

  /** By group, since the last call; a process that is new counts from now on. */
  take(groups: Record<string, number[]>): Record<string, number> {
    const seconds = (performance.now() - this.at) / 1_000;
    this.at = performance.now();
    const { before } = this;
    this.before = new Map();
    const shareOf = (pid: number) => {
      const used = cpuSeconds(pid) ?? 0;
      this.before.set(pid, used);
      return used - (before.get(pid) ?? used);
    };
    return Object.fromEntries(
      Object.entries(groups).map(([name, pids]) => [
        name,
        pids.reduce((sum, pid) => sum + shareOf(pid), 0) / seconds,
      ]),
    );
  }
}
