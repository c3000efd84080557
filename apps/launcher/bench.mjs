import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { root } from './paths.mjs';
import { run, StepFailed } from './run.mjs';

/**
 * `npm run bench:<name>`: builds test/performance/<name>.bench.ts and runs it from dist, on the libraries that the product runs
 * on (their decorators need tsc). `npm run bench` runs all of them, one after another, and shows every goal once more.
 */
const [name, ...args] = process.argv.slice(2);
const folder = join(root, 'test', 'performance');
const compiler = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
const out = join(root, 'dist', 'bench');
/** The one that measures others' packages, which are no part of the product. */
const WITH_RIVALS = 'append';
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.bench.ts'))
  .map((file) => file.slice(0, -'.bench.ts'.length));

try {
  requireNode();
  if (name !== undefined && !all.includes(name)) {
    const known = all.map((one) => `npm run bench:${one}`).join(', ');
    throw new StepFailed(`bench ${name}`, `no such benchmark; there are: ${known}`);
  }
  await ensureInstalled();
  if (name === undefined || name === WITH_RIVALS) await ensureInstalled(join(folder, 'rivals'));
  await ensureBuilt();
  await run(process.execPath, [compiler, '-p', 'test/performance/tsconfig.json', '--outDir', out], {
    cwd: root,
  });
  for (const one of name === undefined ? all : [name]) {
    await run(process.execPath, [join(out, 'test', 'performance', `${one}.bench.js`), ...args], {
      cwd: root,
      show: true,
    });
  }
  if (name === undefined) summary();
} catch (error) {
  process.stderr.write(`${error instanceof StepFailed || error.plain ? error.message : error.stack}\n`);
  process.exit(1);
}

/** What the parts have published; a part without a goal has no row. */
function summary() {
  const results = all.map((one) =>
    JSON.parse(readFileSync(join(root, '.data', 'bench', `${one}.json`), 'utf8')),
  );
  console.table(
    results.flatMap(({ benchmark, goals }) =>
      goals.map(({ met, ...goal }) => ({ benchmark, ...goal, met: met ? 'yes' : 'NO' })),
    ),
  );
  console.log(JSON.stringify(results));
}
