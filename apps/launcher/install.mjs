import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { progress } from './progress.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

/** Installs exactly what the folder's package-lock.json names, where something of it is missing or another version is there. */
export async function ensureInstalled(folder = root) {
  if (isInstalled(folder)) return;
  await progress('Installing packages (once; about a minute) …', () =>
    run(...npm(['ci', '--include=dev', '--no-audit', '--no-fund']), { cwd: folder }),
  );
}

/** npm writes its own list last, so an install that was cut off has none. */
function isInstalled(folder) {
  const done = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(done)) return false;
  const wanted = packages(join(folder, 'package-lock.json'));
  const found = packages(done);
  return Object.entries(wanted).every(([path, { version, optional, link }]) => {
    if (path === '' || link) return true;
    // packages for other machines are optional, and left out
    return found[path] === undefined ? optional === true : found[path].version === version;
  });
}

function packages(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** The npm that started us, else the one on the path. */
function npm(args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js') && existsSync(script)) return [process.execPath, [script, ...args]];
  return ['npm', args];
}
