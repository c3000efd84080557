import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFolder } from '../../libs/platform/src/data-lock.js';
import { root } from './paths.mjs';
import { progress } from './progress.mjs';
import { run, StepFailed } from './run.mjs';

const SOURCES = ['apps', 'libs', 'migrations'];
const SETTINGS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'tsconfig.web.json',
];
const DIST = join(root, 'dist');
/** Which sources dist was made from. */
const MARK = join(DIST, '.sources-sha256');

/** Builds dist where it was not made from these very sources. Of several starts at once one builds and the others wait. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  const lock = await lockFolder(join(root, '.data', 'build'), { wait: true });
  try {
    if (!isBuilt()) await progress('Building …', build);
  } finally {
    await lock.release();
  }
}

function isBuilt() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === fingerprint();
}

/**
 * The program and the web app that it serves, at once. Into a folder of its own first: a program that runs from dist meanwhile
 * never finds half a file.
 */
async function build() {
  const [fresh, old] = [join(root, 'dist.new'), join(root, 'dist.old')];
  const mark = fingerprint();
  for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  const compiler = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
  const bundler = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const steps = [
    [compiler, '-p', 'tsconfig.build.json', '--outDir', fresh, '--incremental', 'false'],
    [bundler, 'build', join('apps', 'web'), '--outDir', join(fresh, 'web'), '--logLevel', 'warn'],
  ];
  // whoever builds, be it a test: else libraries put their development code into the web app
  const env = { ...process.env, NODE_ENV: 'production' };
  // whichever fails, the other one is waited for: it still writes
  const results = await Promise.allSettled(
    steps.map((step) => run(process.execPath, step, { cwd: root, env })),
  );
  for (const { status, reason } of results) if (status === 'rejected') throw reason;
  writeFileSync(join(fresh, '.sources-sha256'), mark);
  if (existsSync(DIST)) renameSync(DIST, old);
  renameSync(fresh, DIST);
  rmSync(old, { recursive: true, force: true });
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const file of [...SETTINGS, ...SOURCES.flatMap((folder) => sources(folder))]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function sources(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /\.(tsx?|js|css|html|svg)$/.test(entry.name) && !/\.spec\.tsx?$/.test(entry.name),
    )
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
}

// `npm run build`
if (process.argv[1] === import.meta.filename) {
  await ensureBuilt().catch((error) => {
    process.stderr.write(`${error instanceof StepFailed ? error.message : error.stack}\n`);
    process.exit(1);
  });
}
