import { execFileSync } from 'node:child_process';

export type ServerUser = { uid: number; gid: number };

/**
 * Whom PostgreSQL runs as: it refuses root. Undefined: as ourselves. As root: the user `postgres`, made where there is none,
 * or `nobody` where users cannot be made.
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return idsOf('postgres') ?? created() ?? idsOf('nobody') ?? { uid: 65_534, gid: 65_534 };
}

function created(): ServerUser | undefined {
  try {
    execFileSync(
      'useradd',
      ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
      {
        stdio: 'ignore',
      },
    );
  } catch {
    // no useradd (a minimal image), or a read-only /etc: `nobody` will do
    return undefined;
  }
  return idsOf('postgres');
}

function idsOf(name: string): ServerUser | undefined {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    // `id` fails for a name that does not exist: that is the answer
    return undefined;
  }
}
