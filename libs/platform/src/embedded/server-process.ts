import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { ServerUser } from './server-user.js';

type Output = 'pipe' | number;

/**
 * Starts one of PostgreSQL's programs on a folder, as the user it may run as. `args` gets the name that the program shall
 * know the folder by. Run by root, that user may be unable to reach the folder (a home is 0700): so it is handed the folder
 * open, and finds it under /proc, where the folders above it do not count.
 */
export function spawnOnFolder(
  program: string,
  folder: string,
  args: (folder: string) => string[],
  options: { user: ServerUser | undefined; output: Output; detached?: boolean },
): ChildProcess {
  const { user, output, detached = false } = options;
  const common: SpawnOptions = { ...user, cwd: '/', env: serverEnvironment(), detached };
  if (!user || process.platform !== 'linux') {
    return spawn(program, args(folder), { ...common, stdio: ['ignore', output, output] });
  }
  const descriptor = openSync(folder, 'r');
  try {
    return spawn(program, args('/proc/self/fd/3'), {
      ...common,
      stdio: ['ignore', output, output, descriptor],
    });
  } finally {
    closeSync(descriptor);
  }
}

/** Nothing of ours: PGDATA, PGPORT or a locale of the user's must not change what is made. */
function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
