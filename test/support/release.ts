import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtRoot, startServer, type ServerOptions, type TestServer } from './server.js';

/** A copy of the built program that a test has changed: another version of it, or one with folds that do harm. */
export type Release = {
  root: string;
  /** As `startServer`, of this copy. */
  start(options: Omit<ServerOptions, 'root'>): Promise<TestServer>;
  /** Stop its processes first. */
  remove(): Promise<void>;
};

/**
 * Copies everything that the built program reads, and lets `edit` change files in it: compiled modules under `dist`,
 * `migrations`, functions under `libs/<lib>/src/sql`. Packages are shared. The version in package.json ends in `name`.
 */
export async function makeRelease(
  name: string,
  edit: (folder: string) => Promise<void> = async () => undefined,
): Promise<Release> {
  const project = await builtRoot();
  const root = await mkdtemp(join(tmpdir(), `chatlog-release-${name}-`));
  const remove = () => rm(root, { recursive: true, force: true });
  try {
    for (const folder of ['dist', 'migrations', ...sqlFolders(await readdir(join(project, 'libs')))]) {
      if (existsSync(join(project, folder)))
        await cp(join(project, folder), join(root, folder), { recursive: true });
    }
    await symlink(join(project, 'node_modules'), join(root, 'node_modules'), 'junction');
    const manifest = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as { version: string };
    const named = { ...manifest, version: `${manifest.version}-${name}` };
    await writeFile(join(root, 'package.json'), `${JSON.stringify(named, null, 2)}\n`);
    await edit(root);
  } catch (error) {
    await remove();
    throw error;
  }
  return { root, start: (options) => startServer({ ...options, root }), remove };
}

const sqlFolders = (libs: string[]): string[] => libs.map((lib) => join('libs', lib, 'src', 'sql'));
