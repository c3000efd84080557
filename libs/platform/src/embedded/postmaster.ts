import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';

/** What a running server wrote into its data folder. */
export type Postmaster = { pid: number; port: number };

/** Undefined: no server has the folder open, or it has not got far enough to say its port. */
export function readPostmaster(folder: string): Postmaster | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid, port] = [Number(lines[0]), Number(lines[3])];
  return pid > 0 ? { pid, port } : undefined;
}

/** Whether a process has this id; another user's counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A killed server whose parent never asks for its exit stays listed, and holds nothing. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // it has gone since, or /proc is hidden: what kill() said stands
    return false;
  }
}

/** Whether the process is a PostgreSQL server, or only got the number of one that died. */
export function isPostgres(pid: number): boolean {
  try {
    const command = execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return /(^|\/)postgres(\s|$)/.test(command);
  } catch {
    // no such process, or no `ps`: on Linux the kernel knows too
    return process.platform === 'linux' && commandLine(pid).includes('postgres');
  }
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    // it has gone since
    return '';
  }
}

/** The number that initdb gave the folder: bytes 0–7 of its control file. */
function systemIdentifier(folder: string): string {
  return readFileSync(join(folder, 'global', 'pg_control'))
    .readBigUInt64LE(0)
    .toString();
}

/** Whether the server at `url` takes the password and has this very folder open. @throws the server's error. */
export async function serves(url: string, folder: string): Promise<boolean> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query('SELECT system_identifier::text AS id FROM pg_control_system()');
    return rows[0].id === systemIdentifier(folder);
  } finally {
    await client.end();
  }
}
