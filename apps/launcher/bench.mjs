import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { requireNode } from './node-version.mjs';
import { root } from './paths.mjs';
import { run, StepFailed } from './run.mjs';

/**
 * `npm run bench:<name>`: builds test/performance/<name>.bench.ts and runs it from dist, on the libraries that the product runs
 * on (their decorators need tsc). It starts its own embedded server, or uses BENCH_DATABASE_URL.
 */
const [name = '', ...args] = process.argv.slice(2);
const compiler = join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc');
const out = join(root, 'dist', 'bench');

try {
  requireNode();
  if (!/^[a-z-]+$/.test(name) || !existsSync(join(root, 'test', 'performance', `${name}.bench.ts`))) {
    throw new StepFailed(
      `bench ${name}`,
      'no such benchmark; there are: npm run bench:append, npm run bench:time-travel',
    );
  }
  await ensureInstalled();
  await ensureBuilt();
  await run(process.execPath, [compiler, '-p', 'test/performance/tsconfig.json', '--outDir', out], {
    cwd: root,
  });
  await run(process.execPath, [join(out, 'test', 'performance', `${name}.bench.js`), ...args], {
    cwd: root,
    show: true,
  });
} catch (error) {
  process.stderr.write(`${error instanceof StepFailed || error.plain ? error.message : error.stack}\n`);
  process.exit(1);
}
