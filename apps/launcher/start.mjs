import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FolderInUse } from '../../libs/platform/src/data-lock.js';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { stopWithNpm } from './parent.mjs';
import { root } from './paths.mjs';
import { portIsFree } from './port.mjs';
import { speakTo } from './progress.mjs';
import { StepFailed } from './run.mjs';
import { takeDataFolder } from './take-data-folder.mjs';

/**
 * `npm start`, with nothing but Node: takes the data folder, installs what is missing, builds what is stale, and becomes the
 * program. One process from the first line to the last, so that a signal, or a kill, ends all of it.
 */
const roles = ['all', 'api', 'worker', 'migrate', 'lol'];
const role = process.argv[2] ?? 'all';

try {
  requireNode();
  stopWithNpm();
  if (!roles.includes(role)) throw new Error(`unknown role ${role}: one of ${roles.join(', ')}`);
  if (role === 'lol') speakTo(process.stderr);
  if (role === 'all' && !process.env.DATABASE_URL?.trim()) await takeDataFolder(address());
  if (role === 'all' || role === 'api') await requirePort();
  // an image holds what was built, and nothing to build it from
  if (existsSync(join(root, 'package-lock.json'))) {
    await ensureInstalled();
    await ensureBuilt();
  }
  process.setSourceMapsEnabled(true);
  if (role === 'migrate') await import('./migrate.mjs');
  else if (role === 'lol') await becomeCommandLine();
  else await becomeProgram();
} catch (error) {
  const known = error instanceof FolderInUse || error instanceof StepFailed || error.plain;
  process.stderr.write(`${known ? error.message : error.stack}\n`);
  process.exit(1);
}

async function requirePort() {
  const port = Number(process.env.PORT?.trim() || 3001);
  // a bad value is the configuration's to report, with the others
  if (!(port > 0 && port < 65_536)) return;
  if (await portIsFree(port, process.env.HOST?.trim() || '127.0.0.1')) return;
  const message = `Port ${port} is taken by another program. Choose another with PORT, for example: PORT=${port + 1} npm start`;
  throw Object.assign(new Error(message), { plain: true });
}

async function becomeProgram() {
  process.env.CHATLOG_ROLE = role;
  await importApp(role === 'worker' ? 'worker' : 'api');
}

/** It is no part of the service: it has no role, and reads what stands behind its name. */
async function becomeCommandLine() {
  process.argv.splice(2, 1);
  await importApp('admin');
}

async function importApp(name) {
  const main = join(root, 'dist', 'apps', name, 'src', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} was not built`);
  await import(pathToFileURL(main).href);
}

function address() {
  return `http://localhost:${process.env.PORT?.trim() || 3001}`;
}
