import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ServerUser } from './server-user.js';

/** Root's, and open to everyone to read: a program that another user runs must not be changeable by a third. */
const COPIES = '/var/lib/lol-chat-log';
const PROBES = ['bin/postgres', 'share/postgresql/postgres.bki', 'lib/postgresql/plpgsql.so'];

/** The folder of binaries itself where the user can read it, else a copy in /var/lib that it can (60 MB, made once a version). */
export function reachable(folder: string, version: string, user: ServerUser | undefined): string {
  if (!user || PROBES.every((file) => !existsSync(join(folder, file)) || canRead(join(folder, file), user)))
    return folder;
  const copy = join(COPIES, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.${process.pid}`;
  mkdirSync(COPIES, { recursive: true, mode: 0o755 });
  cpSync(folder, unfinished, { recursive: true, verbatimSymlinks: true });
  openToAll(unfinished);
  try {
    renameSync(unfinished, copy);
  } catch (error) {
    // another start finished first
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

function canRead(file: string, user: ServerUser): boolean {
  if (!permits(file, user, 4)) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (!permits(folder, user, 1)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function permits(path: string, user: ServerUser, bit: number): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & bit) !== 0;
}

function openToAll(path: string): void {
  chmodSync(path, 0o755);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openToAll(join(path, entry.name));
    else if (!entry.isSymbolicLink()) chmodSync(join(path, entry.name), 0o755);
  }
}
